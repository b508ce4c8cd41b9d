"""The ELF parser and load plan: real executables against readelf's view, and systematically corrupted copies."""

from __future__ import annotations

import errno
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.lib.byte_codec import array_of
from kernel.proc.elf_format import PAGE_SIZE, ElfError, ElfImage, LoadSegment, parse_elf
from kernel.proc.elf_load_plan import pieces_of_page, plan_load

SOURCE = """
int zeroed[5000]; int data[3] = {1, 2, 3}; const char text[] = "constant";
void _start(void) { zeroed[0] = data[0] + text[1]; __asm__ volatile("mov $60, %eax; syscall"); for (;;) { } }
"""
LINKINGS = {
    "plain": [],
    "small pages": ["-Wl,-z,max-page-size=4096"],
    "text and constants in one page": ["-Wl,-z,noseparate-code"],
    "no constants segment": ["-Wl,-z,separate-code", "-Wl,--build-id=none"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("elf")


def compiled(folder: Path, name: str, *options: str) -> Path:
    """A program compiled without a library; skipped where there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler")
    source, output = folder / "program.c", folder / name.replace(" ", "-")
    source.write_text(SOURCE)
    command = [compiler, "-O1", "-nostdlib", "-ffreestanding", "-fno-stack-protector", *options]
    subprocess.run([*command, "-o", str(output), str(source)], check=True, capture_output=True)
    return output


def build(
    segments: list[tuple[int, int, int, int, int]] | None = None,
    entry: int = 0x400000,
    size: int = 0x3000,
    alignment: int = 0x1000,
) -> bytearray:
    """A small executable: segments are (flags, offset, address, file size, memory size)."""
    segments = segments if segments is not None else [(5, 0, 0x400000, 0x100, 0x100)]
    image = bytearray(size)
    identity = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    struct.pack_into("<16sHHIQQQIHHHHHH", image, 0, identity, 2, 62, 1, entry, 64, 0, 0, 64, 56, len(segments), 0, 0, 0)
    for index, (flags, offset, address, file_size, memory_size) in enumerate(segments):
        fields = (1, flags, offset, address, address, file_size, memory_size, alignment)
        struct.pack_into("<IIQQQQQQ", image, 64 + 56 * index, *fields)
    return image


def reason_of(image: bytes | bytearray) -> str:
    """The reason for which an image is refused."""
    with pytest.raises(ElfError) as caught:
        plan_load(parse_elf(array_of(bytes(image))))
    assert caught.value.errno == errno.ENOEXEC
    assert "\n" not in caught.value.reason
    return caught.value.reason


# ------------------------------------------------------------------------------------------------------ real programs


@pytest.mark.parametrize("linking", LINKINGS)
def test_segments_and_entry_are_those_that_pyelftools_sees(folder: Path, linking: str) -> None:
    path = compiled(folder, linking, "-static", "-no-pie", *LINKINGS[linking])
    image = parse_elf(array_of(path.read_bytes()))
    with path.open("rb") as file:
        elf = ELFFile(file)
        loads = [segment for segment in elf.iter_segments() if segment["p_type"] == "PT_LOAD"]
        assert image.entry == elf["e_entry"]
        assert [
            (s.address, s.memory_size, s.file_offset, s.file_size, s.writable, s.executable) for s in image.segments
        ] == [
            (s["p_vaddr"], s["p_memsz"], s["p_offset"], s["p_filesz"], bool(s["p_flags"] & 2), bool(s["p_flags"] & 1))
            for s in loads
        ]
    assert_plan_holds(image, path.read_bytes())


def assert_plan_holds(image: ElfImage, content: bytes) -> None:
    """Load by the plan into a model of memory and compare with loading byte by byte."""
    plan = plan_load(image)
    memory: dict[int, bytearray] = {}
    permissions: dict[int, tuple[bool, bool]] = {}
    for region in plan.regions:
        for page in range(region.address, region.end, PAGE_SIZE):
            assert page not in memory
            memory[page] = bytearray(PAGE_SIZE)
            permissions[page] = (region.writable, region.executable)
            for piece in pieces_of_page(plan, page):
                data = content[piece.file_offset : piece.file_offset + piece.length]
                memory[page][piece.offset_in_page : piece.offset_in_page + piece.length] = data
    assert len(memory) == plan.page_count
    assert all(not (writable and executable) for writable, executable in permissions.values())
    expected: set[int] = set()
    for segment in image.segments:
        body = content[segment.file_offset :][: segment.file_size].ljust(segment.memory_size, b"\0")
        first, end = segment.address & -PAGE_SIZE, -(-segment.end // PAGE_SIZE) * PAGE_SIZE
        expected |= set(range(first, end, PAGE_SIZE))
        joined = b"".join(bytes(memory[page]) for page in range(first, end, PAGE_SIZE))
        assert joined[segment.address - first :][: segment.memory_size] == body
        for page in range(first, end, PAGE_SIZE):
            assert permissions[page][0] >= segment.writable and permissions[page][1] >= segment.executable
    assert set(memory) == expected
    assert plan.program_break == max(expected) + PAGE_SIZE


def test_position_independent_and_dynamic_programs_are_refused_with_their_reason(folder: Path) -> None:
    assert "ET_DYN" in reason_of(compiled(folder, "pie", "-static-pie").read_bytes())
    path = compiled(folder, "dynamic", "-no-pie", "-Wl,--dynamic-linker=/lib/ld.so", "-Wl,-E", "-Wl,--no-gc-sections")
    with path.open("rb") as file:
        is_dynamic = any(segment["p_type"] == "PT_INTERP" for segment in ELFFile(file).iter_segments())
    if is_dynamic:
        assert "interpreter" in reason_of(path.read_bytes())


# ------------------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("offset", "value", "expected"),
    [
        (0, b"\x7fELG", "magic"),
        (4, b"\x01", "64-bit"),
        (5, b"\x02", "little-endian"),
        (6, b"\x02", "version"),
        (20, b"\x02", "version"),
        (18, b"\xb7\x00", "machine 183"),
        (16, b"\x03\x00", "ET_DYN"),
        (16, b"\x01\x00", "file type 1"),
        (52, b"\x20\x00", "file header of 32"),
        (54, b"\x20\x00", "program headers of 32"),
        (56, b"\x00\x00", "no program headers"),
        (56, b"\x81\x00", "129 program headers"),
        (32, struct.pack("<Q", 0x3000 - 55), "table lies outside"),
        (32, struct.pack("<Q", 2**64 - 8), "table lies outside"),
        (24, struct.pack("<Q", 0x3FFFFF), "entry 0x3fffff"),
        (24, struct.pack("<Q", 0x400100), "entry 0x400100"),
        (24, struct.pack("<Q", 2**64 - 1), "entry"),
        (64, struct.pack("<I", 4), "no loadable"),
        (64, struct.pack("<I", 3), "interpreter"),
        (68, struct.pack("<I", 7), "writable and executable"),
        (68, struct.pack("<I", 4), "entry"),
        (72, struct.pack("<Q", 0x4000), "outside the file"),
        (72, struct.pack("<Q", 2**64 - 0x1000), "outside the file"),
        (80, struct.pack("<Q", 0), "outside user space"),
        (80, struct.pack("<Q", 0xF000), "outside user space"),
        (80, struct.pack("<Q", 0x7FFFFFFFF000), "outside user space"),
        (80, struct.pack("<Q", 0xFFFF800000000000), "outside user space"),
        (80, struct.pack("<Q", 0x400010), "differ within the alignment"),
        (96, struct.pack("<Q", 0x101), "more bytes in the file"),
        (96, struct.pack("<QQ", 0x4000, 0x4000), "outside the file"),
        (96, struct.pack("<QQ", 2**64 - 1, 2**64 - 1), "outside the file"),
        (104, struct.pack("<Q", 0), "more bytes in the file"),
        (104, struct.pack("<Q", 0x7FFFFFFFF000), "its end is outside"),
        (104, struct.pack("<Q", 2**64 - 0x400000), "its end is outside"),
        (112, struct.pack("<Q", 3), "no power of two"),
    ],
)
def test_each_check_has_its_own_reason(offset: int, value: bytes, expected: str) -> None:
    image = build()
    parse_elf(array_of(bytes(image)))
    image[offset : offset + len(value)] = value
    assert expected in reason_of(image)


@pytest.mark.parametrize("size", [0, 3, 63])
def test_a_file_shorter_than_its_header(size: int) -> None:
    assert "too short" in reason_of(build()[:size])


def test_truncated_anywhere_a_program_is_refused_or_whole() -> None:
    image = build([(5, 0, 0x400000, 0x100, 0x100), (6, 0x1000, 0x401000, 0x200, 0x900)])
    for size in range(0, 0x1200, 37):
        reason_of(image[:size])
    assert len(parse_elf(array_of(bytes(image[:0x1200]))).segments) == 2


def test_overlapping_segments_in_any_order() -> None:
    assert "overlap" in reason_of(build([(5, 0, 0x400000, 0x100, 0x1001), (4, 0x1000, 0x401000, 1, 1)]))
    assert "overlap" in reason_of(build([(4, 0, 0x401000, 1, 0x10), (5, 0, 0x400000, 0x100, 0x3000)]))


def test_two_segments_in_one_page_take_the_union_of_permissions() -> None:
    image = build([(5, 0x0, 0x400000, 0x157, 0x157), (4, 0x157, 0x400157, 0x45, 0x45)])
    plan = plan_load(parse_elf(array_of(bytes(image))))
    assert [(r.address, r.page_count, r.writable, r.executable) for r in plan.regions] == [(0x400000, 1, False, True)]
    assert [(p.offset_in_page, p.length) for p in pieces_of_page(plan, 0x400000)] == [(0, 0x157), (0x157, 0x45)]


def test_a_shared_page_splits_regions_and_may_not_be_writable_and_executable() -> None:
    image = build([(5, 0, 0x400000, 0x1200, 0x1200), (4, 0x1200, 0x401200, 0x1000, 0x1000)])
    plan = plan_load(parse_elf(array_of(bytes(image))))
    assert [(r.address, r.page_count, r.executable) for r in plan.regions] == [
        (0x400000, 2, True),
        (0x402000, 1, False),
    ]
    assert "share the page 0x401000" in reason_of(
        build([(5, 0, 0x400000, 0x1200, 0x1200), (6, 0x1200, 0x401200, 0x10, 0x10)])
    )


def test_the_limits_themselves_are_allowed() -> None:
    for alignment in (0, 1, 0x1000):
        parse_elf(array_of(bytes(build(alignment=alignment))))
    last = build([(5, 0, 0x400000, 16, 16), (6, 0x1000, 0x7FFFFFFFE000, 0x1000, 0x1000)])
    plan = plan_load(parse_elf(array_of(bytes(last))))
    assert plan.program_break == 0x7FFFFFFFF000
    assert [region.page_count for region in plan.regions] == [1, 1]
    parse_elf(array_of(bytes(build([(5, 0, 0x10000, 16, 16)], entry=0x10000))))
    whole = build([(5, 0, 0x400000, 0x3000, 0x3000)])
    plan = plan_load(parse_elf(array_of(bytes(whole))))
    assert plan.page_count == 3
    assert [len(pieces_of_page(plan, 0x3FF000 + page * PAGE_SIZE)) for page in range(5)] == [0, 1, 1, 1, 0]


def test_empty_segments_are_ignored_and_three_may_share_a_page() -> None:
    image = build(
        [(5, 0, 0x400000, 16, 16), (4, 16, 0x400010, 16, 16), (4, 32, 0x400020, 16, 0x2000), (6, 0, 0x500000, 0, 0)]
    )
    parsed = parse_elf(array_of(bytes(image)))
    assert len(parsed.segments) == 3
    assert_plan_holds(parsed, bytes(image))


@st.composite
def layouts(draw: st.DrawFn) -> list[LoadSegment]:
    """Segments as a linker could place them: ascending, not overlapping, each with a range of the file."""
    segments: list[LoadSegment] = []
    address = 0x400000
    for _ in range(draw(st.integers(1, 5))):
        address += draw(st.sampled_from([0, 1, 0x57, 0xFFF, 0x1000, 0x2345]))
        memory_size = draw(st.integers(1, 0x2800))
        file_size = draw(st.integers(0, memory_size))
        writable, executable = draw(st.sampled_from([(False, False), (True, False), (False, True)]))
        offset = draw(st.integers(0, 0x4000 - file_size))
        segments.append(LoadSegment(address, memory_size, offset, file_size, True, writable, executable))
        address += memory_size
    return segments


@given(layouts())
@settings(max_examples=80)
def test_any_layout_loads_every_byte_once_or_is_refused_for_a_shared_page(segments: list[LoadSegment]) -> None:
    content = bytes(index * 7 & 0xFF for index in range(0x4000))
    image = ElfImage(0x400000, segments, 64, len(segments))
    try:
        assert_plan_holds(image, content)
    except ElfError as error:
        assert "share the page" in error.reason
        pages: dict[int, set[str]] = {}
        for segment in segments:
            for page in range(segment.address // PAGE_SIZE, -(-segment.end // PAGE_SIZE)):
                pages.setdefault(page, set()).update("w" * segment.writable + "x" * segment.executable)
        assert {"w", "x"} in pages.values()


@given(st.lists(st.tuples(st.integers(0, 64 + 3 * 56 - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_random_damage_never_does_worse_than_elferror(changes: list[tuple[int, int]]) -> None:
    image = build([(5, 0, 0x400000, 0x100, 0x100), (4, 0x1000, 0x401000, 0x80, 0x80), (6, 0x2000, 0x402000, 8, 0x900)])
    for offset, value in changes:
        image[offset] = value
    try:
        parsed = parse_elf(array_of(bytes(image)))
        plan_load(parsed)
    except ElfError:
        return
    for segment in parsed.segments:
        assert 0x10000 <= segment.address < segment.end <= 0x7FFFFFFFF000
        assert segment.file_offset + segment.file_size <= len(image)
        assert not (segment.writable and segment.executable)


@given(st.binary(max_size=300))
def test_random_bytes(data: bytes) -> None:
    for image in (data, b"\x7fELF\x02\x01\x01".ljust(16, b"\0") + data):
        try:
            parse_elf(array_of(image))
        except ElfError:
            pass
