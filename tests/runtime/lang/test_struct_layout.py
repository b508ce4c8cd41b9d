"""Struct layouts, judged by ctypes and, for what ctypes lays out otherwise, by the C compiler."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.lang import Ptr, i8, i16, i32, i64, offset_of, size_of, struct, u8, u16, u32, u64, zeroed
from runtime.lang.arrays import array_class
from runtime.lang.struct_fields import FieldSpecifier
from runtime.lang.struct_layout import FieldKind, FieldShape, plan_struct
from runtime.lang.structs import array_field, bits, padding

C_TYPES = {
    u8: ctypes.c_uint8,
    u16: ctypes.c_uint16,
    u32: ctypes.c_uint32,
    u64: ctypes.c_uint64,
    i8: ctypes.c_int8,
    i16: ctypes.c_int16,
    i32: ctypes.c_int32,
    i64: ctypes.c_int64,
    int: ctypes.c_int64,
    bool: ctypes.c_bool,
    float: ctypes.c_double,
    Ptr[u8]: ctypes.c_void_p,
}
UNSIGNED: dict[type, str] = {u8: "uint8_t", u16: "uint16_t", u32: "uint32_t", u64: "uint64_t"}

plain = st.tuples(st.sampled_from(list(C_TYPES)), st.integers(0, 5))  # item type, array length (0: no array)


def make_struct(annotations: dict[str, Any], members: dict[str, Any], packed: bool = False, align: int = 0):
    body = {"__annotations__": annotations, **members}
    return struct(packed=packed, align=align)(type("Made", (), body))


@given(st.lists(plain, min_size=1, max_size=8), st.booleans())
def test_offsets_and_sizes_are_those_of_ctypes(fields, packed):
    annotations: dict[str, Any] = {}
    members: dict[str, Any] = {}
    c_fields: list[tuple[str, Any]] = []
    for index, (kind, length) in enumerate(fields):
        name = f"f{index}"
        annotations[name] = array_class(kind) if length else kind
        if length:
            members[name] = array_field(length)
        c_fields.append((name, C_TYPES[kind] * length if length else C_TYPES[kind]))
    c_body = {"_fields_": c_fields} if not packed else {"_pack_": 1, "_fields_": c_fields}
    judge = type("Judge", (ctypes.Structure,), c_body)
    made = make_struct(annotations, members, packed)
    assert size_of(made) == ctypes.sizeof(judge)
    for name in annotations:
        assert offset_of(made, name) == getattr(judge, name).offset


@given(st.sampled_from([u8, u16, u32, u64]), st.lists(st.tuples(st.integers(1, 8), st.data()), min_size=1, max_size=12))
def test_bit_fields_of_one_unit_are_those_of_ctypes(unit, fields):
    c_type = C_TYPES[unit]
    counts = [count for count, _ in fields]
    judge_class = type(
        "Judge", (ctypes.Structure,), {"_fields_": [(f"f{i}", c_type, count) for i, count in enumerate(counts)]}
    )
    annotations: dict[str, Any] = {f"f{i}": unit for i in range(len(counts))}
    made_class = make_struct(annotations, {f"f{i}": bits(count) for i, count in enumerate(counts)})
    assert size_of(made_class) == ctypes.sizeof(judge_class)
    made, judge = zeroed(made_class), judge_class()
    for index, (count, data) in enumerate(fields):
        value = data.draw(st.integers(0, 2**count - 1))
        setattr(made, f"f{index}", value)
        setattr(judge, f"f{index}", value)
    assert made._struct_arena.read(0, size_of(made_class)) == bytes(judge)
    for index in range(len(counts)):
        assert getattr(made, f"f{index}") == getattr(judge, f"f{index}")


CASES: list[tuple[bool, list[tuple[type, int]]]] = [
    (False, [(u8, 3), (u16, 9), (u8, 6), (u32, 0), (u32, 17), (u64, 40), (u8, 1)]),
    (False, [(u64, 33), (u8, 7), (u8, 2), (u16, 15), (u16, 2)]),
    (False, [(u8, 0), (u32, 20), (u32, 12), (u32, 1), (u8, 0)]),
    (True, [(u8, 3), (u16, 9), (u8, 6), (u32, 0), (u32, 17), (u64, 40), (u8, 1)]),
    (True, [(u8, 0), (u16, 11), (u16, 11), (u64, 0), (u32, 31)]),
]


def c_source(packed: bool, fields: list[tuple[type, int]]) -> str:
    """A program that sets all bits of one field at a time and prints the bytes."""
    lines = [f"{UNSIGNED[kind]} f{i}{f':{count}' if count else ''};" for i, (kind, count) in enumerate(fields)]
    attribute = "__attribute__((packed))" if packed else ""
    sets = "".join(f"memset(&s, 0, sizeof s); s.f{i} = ~0ull; dump();" for i in range(len(fields)))
    return f"""#include <stdint.h>
#include <stdio.h>
#include <string.h>
static struct {attribute} {{ {" ".join(lines)} }} s;
static void dump(void) {{ for (unsigned i = 0; i < sizeof s; i++) printf("%02x", ((uint8_t *)&s)[i]); puts(""); }}
int main(void) {{ {sets} return 0; }}
"""


@pytest.mark.parametrize(("packed", "fields"), CASES)
def test_mixed_and_packed_bit_fields_are_those_of_c(packed, fields, tmp_path: Path):
    compiler = shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler on this machine")
    source, program = tmp_path / "judge.c", tmp_path / "judge"
    source.write_text(c_source(packed, fields))
    subprocess.run([compiler, "-w", "-o", str(program), str(source)], check=True)
    expected = subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout.split()
    annotations: dict[str, Any] = {f"f{i}": kind for i, (kind, _) in enumerate(fields)}
    members = {f"f{i}": bits(count) for i, (_, count) in enumerate(fields) if count}
    made_class = make_struct(annotations, members, packed)
    for index, (kind, count) in enumerate(fields):
        made = zeroed(made_class)
        setattr(made, f"f{index}", (1 << (count or kind.bits)) - 1)
        assert made._struct_arena.read(0, size_of(made_class)).hex() == expected[index]


def test_align_and_padding():
    aligned = make_struct({"a": u8, "b": u32}, {}, align=64)
    assert (size_of(aligned), offset_of(aligned, "b")) == (64, 4)
    assert zeroed(aligned)._struct_arena.base % 64 == 0
    padded = make_struct({"a": u8, "_r": u8, "b": u16}, {"_r": padding(3)})
    assert (size_of(padded), offset_of(padded, "b")) == (6, 4)
    packed = make_struct({"a": u8, "b": u64}, {}, packed=True, align=4)
    assert (size_of(packed), offset_of(packed, "b")) == (12, 1)


def test_padding_ends_a_run_of_bits():
    plan = plan_struct(
        [
            FieldShape("a", FieldKind.BITS, 1, 1, 3),
            FieldShape("p", FieldKind.PADDING, 2, 1),
            FieldShape("b", FieldKind.BITS, 1, 1, 3),
        ],
        packed=False,
        align=0,
    )
    assert [(place.offset, place.first_bit) for place in plan.places] == [(0, 0), (1, 0), (3, 0)]


@pytest.mark.parametrize("count", [0, -1])
def test_specifiers_refuse_what_is_not_positive(count):
    for specifier in (array_field, bits, padding):
        with pytest.raises(ValueError, match="positive"):
            specifier(count)


def test_specifiers_say_their_kind():
    assert bits(3) == FieldSpecifier(FieldKind.BITS, 3)
    with pytest.raises(ValueError, match="power of two"):
        struct(align=3)
