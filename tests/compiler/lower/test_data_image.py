"""Bytes and references at offsets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from compiler.ir.module import DataReference, DataSection
from compiler.lower.data_image import DataImage


def test_parts_keep_bytes_and_references_in_order() -> None:
    image = DataImage(32)
    image.integer(0, -1, 8)
    image.reference(8, "there", 4)
    image.bits(16, 0b101, 1)
    image.bits(16, 0b1000, 1)
    first, reference, rest = image.parts()
    assert first == b"\xff" * 8
    assert reference == DataReference("there", 4)
    assert rest == b"\x0d" + bytes(15)


def test_writable_zeros_need_no_bytes() -> None:
    item = DataImage(64).item("zeros", "unit", DataSection.WRITABLE, 16)
    assert (item.section, item.size, item.parts) == (DataSection.ZERO, 64, ())


@given(st.sets(st.integers(0, 15)), st.integers(0, 15))
def test_the_parts_fill_the_size(slots: set[int], number: int) -> None:
    image = DataImage(128)
    image.integer(8 * number, 7, 8)
    for slot in slots:
        image.reference(8 * slot, f"symbol{slot}")
    sizes = [8 if isinstance(part, DataReference) else len(part) for part in image.parts()]
    assert sum(sizes) == 128
