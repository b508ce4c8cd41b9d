"""What `pyc build` writes, judged by others' tools: readelf, objdump, pyelftools, lief, gdb; and byte for byte by a
second build."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path

import lief
import pytest
from elftools.elf.elffile import ELFFile

from compiler.__main__ import main

PROGRAM = '''\
"""A program with a bit of everything that reaches an image."""

import sys

from part import Shape, total

TABLE: list[int] = [1, 2, 3]


class Square(Shape):
    def area(self) -> int:
        return self.size * self.size


def main() -> None:
    shapes: list[Shape] = [Shape(1), Square(3)]
    found = total(shapes)
    print("total", found, f"{found:#x}", "grün", sys.argv[1:])
    if found > 100:
        raise ValueError("too much")


if __name__ == "__main__":
    main()
'''
PART = """\
class Shape:
    def __init__(self, size: int) -> None:
        self.size = size

    def area(self) -> int:
        return 0


def total(shapes: list[Shape]) -> int:
    result = 0
    for shape in shapes:
        result += shape.area()
    return result
"""
APPLICATION = "def main() -> None:\n    print('from the firmware')\n"
IMAGE_SCN_MEM_EXECUTE, IMAGE_SCN_MEM_READ, IMAGE_SCN_MEM_WRITE = 1 << 29, 1 << 30, 1 << 31
IMAGE_DLLCHARACTERISTICS_NX_COMPAT = 0x100


def write_sources(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "prog.py").write_text(PROGRAM)
    (folder / "part.py").write_text(PART)
    (folder / "app.py").write_text(APPLICATION)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    """One folder with every kind of image."""
    folder = tmp_path_factory.mktemp("made")
    write_sources(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYC_CACHE_DIR", str(folder / "cache"))
        patch.chdir(folder)
        assert main(["build", "prog.py", "--verify-each"]) == 0
        assert main(["build", "prog.py", "--strip", "-o", "stripped"]) == 0
        assert main(["build", "prog.py", "--debug", "-o", "debug"]) == 0
        assert main(["build", "--target", "uefi", "app.py", "--verify-each"]) == 0
        yield folder


def tool(*command: str | Path) -> str:
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/nonexistent"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert "arning" not in done.stderr, done.stderr
    return done.stdout


# --- programs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["prog", "stripped", "debug"])
def test_a_program_runs(made: Path, name: str) -> None:
    done = subprocess.run([made / name, "one"], capture_output=True, text=True, check=True)
    assert done.stdout == "total 9 0x9 grün ['one']\n"


@pytest.mark.parametrize("name", ["prog", "stripped", "debug"])
def test_segments(made: Path, name: str) -> None:
    elf = ELFFile(io.BytesIO((made / name).read_bytes()))
    assert (elf["e_type"], elf["e_machine"], elf.elfclass, elf.little_endian) == ("ET_EXEC", "EM_X86_64", 64, True)
    segments = list(elf.iter_segments())
    loaded = [segment for segment in segments if segment["p_type"] == "PT_LOAD"]
    assert sorted(segment["p_flags"] for segment in loaded) == [4, 5, 6]  # R, RX, RW
    assert {segment["p_type"] for segment in segments} == {"PT_LOAD", "PT_GNU_STACK"}
    text = next(segment for segment in loaded if segment["p_flags"] == 5)
    assert text["p_vaddr"] == 0x400000
    assert text["p_vaddr"] <= elf["e_entry"] < text["p_vaddr"] + text["p_filesz"]
    stack = next(segment for segment in segments if segment["p_type"] == "PT_GNU_STACK")
    assert not stack["p_flags"] & 1
    pages = [page for segment in loaded for page in pages_of(segment)]
    assert len(pages) == len(set(pages)), "two segments share a page"
    for segment in loaded:
        assert segment["p_vaddr"] % segment["p_align"] == segment["p_offset"] % segment["p_align"]


def pages_of(segment) -> range:
    return range(segment["p_vaddr"] >> 12, (segment["p_vaddr"] + segment["p_memsz"] + 4095) >> 12)


def test_sections_and_symbols(made: Path) -> None:
    headers = tool("readelf", "--wide", "--sections", made / "prog")
    for section in (".text", ".rodata", ".data", ".bss", ".symtab", ".debug_line", ".debug_info"):
        assert f" {section} " in headers
    assert "There are no sections" in tool("readelf", "--sections", made / "stripped")
    symbols = tool("nm", made / "prog")
    for name in (" _start", " part.total", " __main__.Square.area"):
        assert f"{name}\n" in symbols
    assert (made / "stripped").stat().st_size < (made / "prog").stat().st_size


def test_readelf_and_lief_have_nothing_to_complain_about(made: Path) -> None:
    for name in ("prog", "stripped", "debug"):
        tool("readelf", "--all", "--wide", made / name)
        parsed = lief.ELF.parse(str(made / name))
        assert parsed is not None
        assert not parsed.has_interpreter
        assert not parsed.has_dynamic_entries if hasattr(parsed, "has_dynamic_entries") else True


def test_the_code_disassembles(made: Path) -> None:
    listing = tool("objdump", "-d", "-M", "intel", made / "prog")
    assert "<__main__.Square.area>:" in listing
    assert "(bad)" not in listing


def test_lines_lead_to_the_source(made: Path) -> None:
    table = tool("readelf", "--debug-dump=decodedline", made / "prog")
    assert re.search(r"^prog\.py\s+18\s", table, re.MULTILINE)
    assert re.search(r"^part\.py\s+\d+\s", table, re.MULTILINE)


@pytest.mark.skipif(shutil.which("gdb") is None, reason="gdb is not installed")
def test_gdb_stops_at_a_line_of_python(made: Path) -> None:
    commands = ["break part.py:12", "run", "backtrace", "continue", "quit"]
    words = [word for command in commands for word in ("-ex", command)]
    said = tool("gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off", *words, made / "debug")
    assert "part.py:12" in said
    assert "result += shape.area()" in said
    assert re.search(r"#1 .*main.*prog\.py:1[67]", said)


# --- UEFI applications -----------------------------------------------------------------------------------------------


def test_an_application_is_a_pe_that_firmware_takes(made: Path) -> None:
    pe = lief.PE.parse(str(made / "app.efi"))
    assert pe is not None
    header = pe.optional_header
    assert header.magic == lief.PE.PE_TYPE.PE32_PLUS
    assert int(header.subsystem) == 10
    assert header.section_alignment == 4096
    assert int(header.dll_characteristics) & IMAGE_DLLCHARACTERISTICS_NX_COMPAT
    names = [section.name for section in pe.sections]
    assert ".reloc" in names and ".text" in names
    for section in pe.sections:
        assert section.virtual_address % 4096 == 0
        is_writable = section.characteristics & IMAGE_SCN_MEM_WRITE
        assert not (is_writable and section.characteristics & IMAGE_SCN_MEM_EXECUTE), section.name
    assert any(relocation.entries for relocation in pe.relocations)
    text = next(section for section in pe.sections if section.name == ".text")
    entry = header.addressof_entrypoint
    assert text.virtual_address <= entry < text.virtual_address + text.virtual_size


def test_objdump_reads_the_application(made: Path) -> None:
    said = tool("objdump", "-p", "-h", made / "app.efi")
    assert "pei-x86-64" in said
    assert re.search(r"Subsystem\s+0000000a", said)
    assert "Base Relocations" in said


# --- the same sources, the same bytes --------------------------------------------------------------------------------


def built(folder: Path, source: str, *flags: str) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["build", source, "-o", "again", *flags]) == 0
    return (folder / "again").read_bytes()


@pytest.mark.parametrize("flags", [["--no-cache", "-j", "1"], ["--no-cache", "-j", "2"], []])
def test_builds_from_different_folders_are_identical(
    made: Path, tmp_path: Path, flags: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """File names in tracebacks are as written on the command line, so nothing of a folder's place is in an image."""
    monkeypatch.setenv("PYC_CACHE_DIR", str(tmp_path / "cache"))
    elsewhere = tmp_path / "another place"
    write_sources(elsewhere)
    assert built(elsewhere, "prog.py", *flags) == (made / "prog").read_bytes()
    assert built(elsewhere, "prog.py", "--strip", *flags) == (made / "stripped").read_bytes()
    assert built(elsewhere, "app.py", "--target", "uefi", *flags) == (made / "app.efi").read_bytes()


def test_hash_randomisation_changes_nothing(made: Path, tmp_path: Path) -> None:
    import os
    import sys

    root = Path(__file__).resolve().parents[2]
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        command = [sys.executable, "-m", "compiler", "build", "prog.py", "-o", str(tmp_path / seed), "--no-cache"]
        subprocess.run(command, cwd=made, env=environment, check=True)
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes() == (made / "prog").read_bytes()
