"""PE images: lief and objdump agree with every header; OVMF starts both kinds and prints what the program prints."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import time
from pathlib import Path

import lief
import pytest
from elftools.elf.elffile import ELFFile

from compiler.image.disk import write_disk_image
from compiler.link.errors import LinkError, LinkErrorCode
from compiler.link.object_file import ImageKind, InputObject, LinkedImage
from tests.compiler.link.objects import EXIT_42, assemble, compile_c, link_pe, need, run_tool

APPLICATION = """
typedef unsigned long long u64;
typedef unsigned short u16;
typedef unsigned int u32;
struct console { u64 reset; u64 (__attribute__((ms_abi)) *output)(struct console *, u16 *); };
struct table { char header[24]; u16 *vendor; u32 revision; u64 handles[3]; struct console *console; };
extern char __image_start[], __image_end[], __text_start[], __relro_start[], __relro_end[], __bss_start[], __bss_end[];
extern char __image_virtual_base[];
extern u32 __relocations_start[], __relocations_end[];
static u16 good[] = {'L', 'I', 'N', 'K', ' ', 'G', 'O', 'O', 'D', '\\r', '\\n', 0};
static u16 bad[] = {'L', 'I', 'N', 'K', ' ', 'B', 'A', 'D', '\\r', '\\n', 0};
u16 *const words[] = {bad, good};
u16 *const *volatile where = words;
volatile int zeros[3000];
u64 __attribute__((ms_abi)) efi_main(void *image, struct table *system) {
  int fine = zeros[2999] == 0;
  u64 count = __relocations_end - __relocations_start;
  for (u64 i = 0; i < count; i++) {
    u64 word = *(u64 *)(__image_start + __relocations_start[i]);
    if (word < (u64)__image_start || word > (u64)__image_end) fine = 0;
  }
  if (count < 3 || __text_start - __image_start != 4096) fine = 0;
  if ((char *)words < __relro_start || (char *)words >= __relro_end) fine = 0;
  system->console->output(system->console, where[fine]);
  for (;;) __asm__ volatile("hlt");
  return (u64)__image_virtual_base;
}
"""
KINDS = [ImageKind.UEFI_PE, ImageKind.KERNEL_PE]


@pytest.fixture
def application(tmp_path: Path) -> InputObject:
    return compile_c(APPLICATION, tmp_path, "-g", "-O1", "-fpie", "-mno-red-zone", name="application.o")


def link(application: InputObject, kind: ImageKind, **options: object) -> LinkedImage:
    return link_pe(application, kind=kind, entry_symbol="efi_main", debug_file=True, **options)


def parse(image: LinkedImage) -> lief.PE.Binary:
    parsed = lief.PE.parse(list(image.data))
    assert isinstance(parsed, lief.PE.Binary)
    return parsed


def address_words(parsed: lief.PE.Binary) -> list[int]:
    """Image offsets of the words that base relocations move, without the padding entries."""
    entries = [entry for block in parsed.relocations for entry in block.entries]
    return [entry.address for entry in entries if entry.type == lief.PE.RelocationEntry.BASE_TYPES.DIR64]


@pytest.mark.parametrize("kind", KINDS)
def test_headers(application: InputObject, kind: ImageKind) -> None:
    image = link(application, kind)
    parsed = parse(image)
    header, optional = parsed.header, parsed.optional_header
    assert header.machine == lief.PE.Header.MACHINE_TYPES.AMD64
    assert header.time_date_stamps == 0
    assert optional.magic == lief.PE.PE_TYPE.PE32_PLUS
    assert optional.subsystem == lief.PE.OptionalHeader.SUBSYSTEM.EFI_APPLICATION
    assert (optional.section_alignment, optional.file_alignment) == (4096, 512)
    assert optional.dll_characteristics == 0x0160  # NX_COMPAT, DYNAMIC_BASE, HIGH_ENTROPY_VA
    assert optional.checksum == parsed.compute_checksum()
    assert optional.imagebase == (0x1_4000_0000 if kind is ImageKind.UEFI_PE else 0)
    assert optional.sizeof_image % 4096 == 0 and optional.sizeof_headers % 512 == 0
    assert len(image.data) % 512 == 0
    [entry] = [symbol for symbol in image.symbols if symbol.name == "efi_main"]
    assert optional.addressof_entrypoint == entry.address % (1 << 20)


@pytest.mark.parametrize("kind", KINDS)
def test_sections_are_apart_and_none_is_writable_and_executable(application: InputObject, kind: ImageKind) -> None:
    parsed = parse(link(application, kind))  # kept: lief's sections do not keep their binary alive
    sections = {section.name: section for section in parsed.sections}
    flags = {name: section.characteristics >> 28 for name, section in sections.items()}  # write, read, execute: 8, 4, 2
    relro = 0xC if kind is ImageKind.KERNEL_PE else 0x4
    assert flags == {".text": 6, ".rdata": 4, ".relro": relro, ".data": 0xC, ".reloc": 4}
    end = 4096
    for section in sections.values():
        assert section.virtual_address == end  # contiguous, each on its own pages
        assert section.pointerto_raw_data % 512 == 0 and section.sizeof_raw_data % 512 == 0
        end = (section.virtual_address + section.virtual_size + 4095) // 4096 * 4096
    assert sections[".data"].virtual_size > 12_000 > sections[".data"].sizeof_raw_data


@pytest.mark.parametrize("kind", KINDS)
def test_base_relocations_name_every_word_that_holds_an_address(application: InputObject, kind: ImageKind) -> None:
    low = parse(link(application, kind, base_address=0x1000_0000))
    high = parse(link(application, kind, base_address=0x7654_3000))
    named = set(address_words(low))
    changed = set()
    for section, other in zip(low.sections, high.sections, strict=True):
        one, two = bytes(section.content), bytes(other.content)
        for offset in range(len(one) - 7):
            before, after = struct.unpack_from("<Q", one, offset)[0], struct.unpack_from("<Q", two, offset)[0]
            if after - before == 0x7654_3000 - 0x1000_0000 and before:
                changed.add(section.virtual_address + offset)
        if section.name != ".reloc":
            assert len(one) == len(two)
    assert named and named == changed


def test_the_kernel_carries_the_same_list_for_its_boot_code(application: InputObject) -> None:
    image = link(application, ImageKind.KERNEL_PE)
    places = {symbol.name: symbol.address - 0xFFFF_FFFF_8000_0000 for symbol in image.symbols}
    parsed = parse(image)
    size = places["__relocations_end"] - places["__relocations_start"]
    table = bytes(parsed.get_content_from_virtual_address(places["__relocations_start"], size))
    named = address_words(parsed)
    assert list(struct.unpack(f"<{size // 4}I", table)) == sorted(named)
    assert len(named) >= 3


def test_relocating_a_kernel_twice_gives_its_twin(application: InputObject) -> None:
    """What firmware does at its load address and boot code after it, against the link at the high base."""
    image = link(application, ImageKind.KERNEL_PE)
    assert image.debug_file is not None
    parsed, load_address, high = parse(image), 0x1_2345_6000, 0xFFFF_FFFF_8000_0000
    memory = bytearray(parsed.optional_header.sizeof_image)
    for section in parsed.sections:
        content = bytes(section.content)[: section.virtual_size]
        memory[section.virtual_address : section.virtual_address + len(content)] = content
    words = address_words(parsed)
    for difference in (load_address, high - load_address):
        for word in words:
            value = struct.unpack_from("<Q", memory, word)[0] + difference
            struct.pack_into("<Q", memory, word, value & (1 << 64) - 1)
    for segment in ELFFile(io.BytesIO(image.debug_file)).iter_segments("PT_LOAD"):
        start = segment["p_vaddr"] - high
        assert memory[start : start + segment["p_filesz"]] == segment.data()


def test_boot_code_only_writes_where_firmware_lets_it(application: InputObject) -> None:
    parsed = parse(link(application, ImageKind.KERNEL_PE))
    writable = [s for s in parsed.sections if s.has_characteristic(lief.PE.Section.CHARACTERISTICS.MEM_WRITE)]
    spans = [(section.virtual_address, section.virtual_address + section.virtual_size) for section in writable]
    addresses = address_words(parsed)
    assert addresses and all(any(first <= address < last for first, last in spans) for address in addresses)


def test_part_symbols_bound_the_sections(application: InputObject) -> None:
    ends = [f"__{part}_{end}" for part in ("text", "rodata", "relro", "data", "bss") for end in ("start", "end")]
    source = assemble(".data\n" + "\n".join(f".quad {name}" for name in ends), "uses.o")
    image = link_pe(application, source, kind=ImageKind.KERNEL_PE, entry_symbol="efi_main", collect_garbage=False)
    base = 0xFFFF_FFFF_8000_0000
    places = {symbol.name: symbol.address - base for symbol in image.symbols}
    parsed = parse(image)
    sections = {section.name: section for section in parsed.sections}
    for part, name in (("text", ".text"), ("rodata", ".rdata"), ("relro", ".relro")):
        section = sections[name]
        assert places[f"__{part}_start"] == section.virtual_address
        assert places[f"__{part}_end"] == section.virtual_address + section.virtual_size
    data = sections[".data"]
    assert places["__data_start"] == data.virtual_address
    assert places["__data_end"] <= places["__bss_start"] < places["__bss_end"]
    assert places["__bss_end"] == data.virtual_address + data.virtual_size


def test_an_image_without_addresses_has_relocations_all_the_same() -> None:
    parsed = parse(link_pe(assemble(EXIT_42)))
    assert parsed.data_directories[5].size == 12
    assert [section.name for section in parsed.sections] == [".text", ".reloc"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_twin_is_an_elf_at_the_run_time_address(application: InputObject, kind: ImageKind, tmp_path: Path) -> None:
    image = link(application, kind)
    assert image.debug_file is not None
    twin = tmp_path / "twin.elf"
    twin.write_bytes(image.debug_file)
    run_tool("readelf", "-aW", str(twin))
    [entry] = [symbol for symbol in image.symbols if symbol.name == "efi_main"]
    assert ELFFile(io.BytesIO(image.debug_file))["e_entry"] == entry.address
    assert entry.address >> 31 == (0x1_4000_0000 >> 31 if kind is ImageKind.UEFI_PE else 0xFFFF_FFFF_8000_0000 >> 31)
    command = [need("gdb"), "-batch", "-nx", "-ex", "info line efi_main", str(twin)]
    assert 'of "application.c"' in subprocess.run(command, capture_output=True, text=True, timeout=60).stdout


def test_equal_inputs_give_equal_bytes(application: InputObject) -> None:
    assert link(application, ImageKind.KERNEL_PE) == link(application, ImageKind.KERNEL_PE)


def test_objdump_reads_the_image(application: InputObject, tmp_path: Path) -> None:
    path = tmp_path / "application.efi"
    path.write_bytes(link(application, ImageKind.UEFI_PE).data)
    assert "EFI application" in run_tool("objdump", "-p", str(path))
    assert "pei-x86-64" in run_tool("objdump", "-d", str(path))


def test_alignments_beyond_a_page_are_refused() -> None:
    with pytest.raises(LinkError, match="a PE gives 4096") as caught:
        link_pe(assemble(f'{EXIT_42}\n.section .data.big,"awR"\n.balign 8192\n.quad 1'))
    assert caught.value.code is LinkErrorCode.IMAGE_LIMIT


FIRMWARE = Path("/usr/share/OVMF/OVMF_CODE_4M.fd")
VARIABLES = Path("/usr/share/OVMF/OVMF_VARS_4M.fd")


@pytest.mark.machine
@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_firmware_starts_the_image_from_the_disk(application: InputObject, kind: ImageKind, tmp_path: Path) -> None:
    emulator = need("qemu-system-x86_64")
    if not FIRMWARE.exists():
        pytest.skip("OVMF is not installed")
    write_disk_image(tmp_path / "disk.img", {}, efi_boot=link(application, kind).data)
    shutil.copy(VARIABLES, tmp_path / "variables.fd")
    command = [emulator, "-M", "q35", "-m", "256M", "-nographic", "-net", "none"]
    command += ["-drive", f"if=pflash,format=raw,readonly=on,file={FIRMWARE}"]
    command += ["-drive", f"if=pflash,format=raw,file={tmp_path / 'variables.fd'}"]
    command += ["-drive", f"format=raw,file={tmp_path / 'disk.img'}"]
    transcript = tmp_path / "serial.txt"
    with transcript.open("wb") as serial:
        machine = subprocess.Popen(command, stdout=serial, stdin=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 90
            while b"LINK " not in transcript.read_bytes() and time.monotonic() < deadline and machine.poll() is None:
                time.sleep(0.2)
            time.sleep(0.2)
        finally:
            machine.kill()
            machine.wait()
    assert b"LINK GOOD" in transcript.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_unused_fields_are_zero(application: InputObject, kind: ImageKind) -> None:
    parsed = parse(link(application, kind))
    header, optional = parsed.header, parsed.optional_header
    assert (header.pointerto_symbol_table, header.numberof_symbols) == (0, 0)
    assert (optional.major_linker_version, optional.minor_linker_version) == (0, 0)
    assert (optional.major_image_version, optional.major_subsystem_version, optional.win32_version_value) == (0, 0, 0)
    assert (optional.loader_flags, optional.numberof_rva_and_size) == (0, 16)
    for section in parsed.sections:
        assert (section.pointerto_relocation, section.numberof_relocations) == (0, 0)
        assert (section.pointerto_line_numbers, section.numberof_line_numbers) == (0, 0)
    for number, directory in enumerate(parsed.data_directories):
        assert (directory.rva, directory.size) == (0, 0) or number == 5
