"""ACPI tables built by hand: both root pointers, every checksum, the sleep package, and hostile tables."""

from __future__ import annotations

import errno
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.drivers.acpi.tables import AcpiTables, count_processors, find_sleep_type, parse_fadt
from kernel.lib.byte_codec import array_of
from runtime.lang import u64
from tests.fakes.physical_memory import FakePhysicalMemory

ROOT, FADT, MADT, DSDT, XSDT, RSDT, SSDT = (0x1000 * index for index in range(1, 8))


def sealed(data: bytes, place: int = 9) -> bytes:
    """The table with its checksum set."""
    changed = bytearray(data)
    changed[place] = 0
    changed[place] = -sum(changed) & 0xFF
    return bytes(changed)


def table(signature: bytes, body: bytes, revision: int = 4) -> bytes:
    header = struct.pack("<4sIBB6s8sIII", signature, 36 + len(body), revision, 0, b"OEM   ", b"TABLE   ", 1, 0, 1)
    return sealed(header + body)


def root_pointer(revision: int, rsdt: int = RSDT, xsdt: int = XSDT) -> bytes:
    first = sealed(struct.pack("<8sB6sBI", b"RSD PTR ", 0, b"OEM   ", revision, rsdt), 8)
    return first if revision == 0 else sealed(first + struct.pack("<IQB3x", 36, xsdt, 0), 32)


def fadt(size: int = 276, **fields: tuple[str, int]) -> bytes:
    body = bytearray(276)
    defaults = {"40": ("<I", DSDT), "46": ("<H", 9), "48": ("<I", 0xB2), "52": ("<B", 0xF1), "64": ("<I", 0x604),
                "112": ("<I", 1 << 10), "116": ("<B", 1), "120": ("<Q", 0xCF9), "128": ("<B", 0x0F),
                "109": ("<H", 2)}  # fmt: skip
    for offset, (form, value) in {**defaults, **{name.strip("_"): field for name, field in fields.items()}}.items():
        struct.pack_into(form, body, int(offset), value)
    return table(b"FACP", bytes(body[36:size]))


SLEEP = b"\x08_S5_\x12\x06\x04\x05\x00\x00\x00"
MADT_BODY = struct.pack("<II", 0xFEE00000, 1) + bytes([0, 8, 0, 0, 1, 0, 0, 0, 0, 8, 1, 1, 0, 0, 0, 0])


def memory(revision: int = 2, **changes: bytes) -> FakePhysicalMemory:
    pieces = {
        "root": root_pointer(revision),
        "fadt": fadt(),
        "madt": table(b"APIC", MADT_BODY),
        "dsdt": table(b"DSDT", b"\x10\x20 \\" + SLEEP.replace(b"\x05\x00", b"\x0a\x05\x0a\x06", 1)),
        "xsdt": table(b"XSDT", struct.pack("<QQQ", FADT, MADT, SSDT)),
        "rsdt": table(b"RSDT", struct.pack("<III", FADT, MADT, 0xDEAD000)),
        "ssdt": table(b"SSDT", SLEEP.replace(b"\x05\x00", b"\x01\x00", 1)),
    } | changes
    places = {"root": ROOT, "fadt": FADT, "madt": MADT, "dsdt": DSDT, "xsdt": XSDT, "rsdt": RSDT, "ssdt": SSDT}
    return FakePhysicalMemory({places[name]: content for name, content in pieces.items()})


def tables(revision: int = 2, **changes: bytes) -> AcpiTables:
    return AcpiTables(memory(revision, **changes), u64(ROOT))


def fails(number: int, revision: int = 2, **changes: bytes) -> None:
    with pytest.raises(OSError) as caught:
        found = tables(revision, **changes)
        found.power_off_type(found.fixed_description())
    assert caught.value.errno == number


def test_both_revisions_lead_to_the_tables() -> None:
    assert tables(2).signatures() == ["FACP", "APIC", "SSDT"]
    assert tables(0).signatures() == ["FACP", "APIC"]  # the third pointer leads nowhere
    assert tables(2, root=root_pointer(2, xsdt=0)).signatures() == ["FACP", "APIC"]


def test_the_fadt_of_a_new_machine() -> None:
    fixed = tables().fixed_description()
    assert (int(fixed.dsdt), fixed.sci_interrupt, fixed.smi_command, fixed.acpi_enable) == (DSDT, 9, 0xB2, 0xF1)
    assert (fixed.pm1a_control.is_io, int(fixed.pm1a_control.address)) == (True, 0x604)
    assert int(fixed.pm1b_control.address) == 0
    assert (int(fixed.reset_register.address), fixed.reset_value) == (0xCF9, 0x0F)
    assert fixed.may_have_8042


def test_both_power_registers() -> None:
    """FADT of revision 1: 32-bit ports at 64 and 68 (ACPI 6.5, 5.2.9); later the extended addresses at 172 and 184."""
    fixed = parse_fadt(array_of(fadt(_64=("<I", 0x1004), _68=("<I", 0x2004))))
    assert (int(fixed.pm1a_control.address), int(fixed.pm1b_control.address)) == (0x1004, 0x2004)
    extended = parse_fadt(array_of(fadt(_184=("<B", 1), _188=("<Q", 0x3004))))
    assert (int(extended.pm1a_control.address), int(extended.pm1b_control.address)) == (0x604, 0x3004)


def test_each_checksum_of_the_root_pointer_counts() -> None:
    first = bytearray(root_pointer(0))
    first[9] ^= 1  # in the first 20 bytes: the only checksum of revision 0
    fails(errno.EINVAL, revision=0, root=bytes(first))
    # Both halves wrong in ways that cancel in the extended sum.
    both = bytearray(root_pointer(2))
    both[9], both[33] = both[9] ^ 1, (both[33] + both[9] - (both[9] ^ 1)) % 256
    assert sum(both) % 256 == 0
    fails(errno.EINVAL, root=bytes(both))


def test_fadt_variants() -> None:
    assert not parse_fadt(array_of(fadt(_109=("<H", 0)))).may_have_8042
    assert int(parse_fadt(array_of(fadt(_140=("<Q", 1 << 33)))).dsdt) == 1 << 33
    assert int(parse_fadt(array_of(fadt(_172=("<B", 1), _176=("<Q", 0xB004)))).pm1a_control.address) == 0xB004
    assert int(parse_fadt(array_of(fadt(_112=("<I", 0)))).reset_register.address) == 0
    assert int(parse_fadt(array_of(fadt(_116=("<B", 2)))).reset_register.address) == 0
    assert int(parse_fadt(array_of(fadt(_120=("<Q", 1 << 20)))).reset_register.address) == 0
    old = parse_fadt(array_of(fadt(116)))
    assert (int(old.pm1a_control.address), int(old.reset_register.address)) == (0x604, 0)
    with pytest.raises(OSError):
        parse_fadt(array_of(fadt(115)))


def test_the_local_apic_and_its_override() -> None:
    found = tables()
    assert int(found.local_apic_address()) == 0xFEE00000
    assert count_processors(found.table("APIC")) == 1
    override = struct.pack("<BBHQ", 5, 12, 0, 0x1_FEE0_0000)
    assert int(tables(madt=table(b"APIC", MADT_BODY + override)).local_apic_address()) == 0x1_FEE0_0000
    for entry in (b"\x05\x00", b"\x05\x01", b"\x05\x0c\x00", b"\x07"):
        assert int(tables(madt=table(b"APIC", MADT_BODY + entry)).local_apic_address()) == 0xFEE00000


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (SLEEP, (5 & 7, 0)),
        (b"\x08_S5_\x12\x0a\x04\x0a\x05\x0a\x03\x00\x00", (5, 3)),
        (b"\x08\\_S5_\x12\x06\x04\x01\x00\x00\x00", (1, 0)),
        (b"\x08_S5_\x12\x40\x06\x04\x0b\x07\x00\x01\x00", (7, 1)),
        (b"\x08_S5_\x12\x05\x01\x0a\x05\x00\x00", (5, 5)),
        (b"\x08_S5_\x12\x0a\x04\x0c\x05\x00\x00\x00\x01", (5, 1)),
        (b"xx_S5_\x12\x06\x04\x01\x00\x00\x00", None),
        (b"\x08_S5_\x11\x06\x04\x01\x00\x00\x00", None),
        (b"\x08_S5_\x12\x06\x00\x01\x00\x00\x00", None),
        (b"\x08_S5_\x12\xc0", None),
        (b"\x08_S5_\x12\x06\x04\x70\x00\x00\x00", None),
    ],
)
def test_sleep_packages(code: bytes, expected: tuple[int, int] | None) -> None:
    if code is SLEEP:
        code = code.replace(b"\x04\x05", b"\x04\x0a\x05")
    found = find_sleep_type(array_of(table(b"DSDT", code + bytes(8))))
    assert (None if found is None else (found.for_pm1a, found.for_pm1b)) == expected


def test_power_off_values_come_from_the_dsdt_then_from_an_ssdt() -> None:
    found = tables()
    values = found.power_off_type(found.fixed_description())
    assert (values.for_pm1a, values.for_pm1b) == (5, 6)
    found = tables(dsdt=table(b"DSDT", bytes(40)))
    assert found.power_off_type(found.fixed_description()).for_pm1a == 1
    fails(errno.ENOENT, dsdt=table(b"DSDT", bytes(40)), ssdt=table(b"SSDT", bytes(40)))


def test_broken_structures() -> None:
    fails(errno.EINVAL, root=b"RSD PTX " + root_pointer(2)[8:])
    fails(errno.EINVAL, root=root_pointer(2)[:8] + b"\x99" + root_pointer(2)[9:])
    fails(errno.EINVAL, root=root_pointer(2)[:32] + b"\x99" + root_pointer(2)[33:])
    fails(errno.EINVAL, dsdt=table(b"DSDT", bytes(40))[:-1] + b"\x01")
    fails(errno.EINVAL, dsdt=struct.pack("<4sI", b"DSDT", 35) + bytes(28))
    fails(errno.EINVAL, dsdt=struct.pack("<4sI", b"DSDT", 0xFFFFFFFF) + bytes(28))
    fails(errno.EFAULT, dsdt=struct.pack("<4sI", b"DSDT", 4096) + bytes(28))
    fails(errno.EFAULT, fadt=fadt(_40=("<I", 0)))
    fails(errno.EINVAL, xsdt=table(b"XSDT", b"")[:-1] + b"\x99")
    fails(errno.ENOENT, xsdt=table(b"XSDT", b"\1\2\3"))
    with pytest.raises(OSError):
        AcpiTables(memory(), u64(0))


def test_a_root_table_that_names_itself_ends() -> None:
    pointers = struct.pack("<Q", XSDT) * 600
    found = tables(xsdt=table(b"XSDT", pointers))
    assert len(found.signatures()) == 256


@given(st.binary(max_size=120), st.booleans())
def test_random_tables_never_do_worse_than_oserror(body: bytes, with_name: bool) -> None:
    code = array_of(table(b"DSDT", body + b"\x08_S5_" * with_name + body))
    find_sleep_type(code)
    count_processors(array_of(table(b"APIC", body)))
    try:
        tables(madt=table(b"APIC", body), fadt=table(b"FACP", body), xsdt=table(b"XSDT", body)).signatures()
        tables(madt=table(b"APIC", body)).local_apic_address()
        parse_fadt(array_of(table(b"FACP", body)))
    except OSError:
        pass
