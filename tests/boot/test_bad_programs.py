"""Files that are no programs: one line that names the check that failed, nothing lost, and the next program runs."""

from __future__ import annotations

import pytest

from tests.boot.bad_programs import BAD_PROGRAMS, EXIT_STATUS, GOOD_PROGRAMS, UNLOADABLE_PROGRAMS, ProgramFile
from tests.boot.guest import Guest, assert_nothing_lost

pytestmark = pytest.mark.machine

NOT_EXECUTABLE = 126


@pytest.mark.parametrize("file", BAD_PROGRAMS, ids=lambda file: file.name)
def test_a_broken_program_is_refused_with_its_reason(guest: Guest, file: ProgramFile) -> None:
    result = guest.run(f"run {file.path}")
    assert result.status == NOT_EXECUTABLE
    complaints = [line for line in result.lines if "not executable" in line]
    assert len(complaints) == 1
    assert complaints[0].startswith(f"{file.path}: not executable: ")
    assert file.reason in complaints[0]
    assert_nothing_lost(result)


def test_the_boot_file_is_no_program_of_ours(guest: Guest) -> None:
    result = guest.run("run /EFI/BOOT/BOOTX64.EFI")
    assert result.status == NOT_EXECUTABLE
    assert any("no ELF magic number" in line for line in result.lines)


@pytest.mark.parametrize("path", GOOD_PROGRAMS)
def test_unusual_programs_run(guest: Guest, path: str) -> None:
    result = guest.run(f"run {path}")
    assert result.status == EXIT_STATUS, result.lines
    assert_nothing_lost(result)


@pytest.mark.parametrize("path", UNLOADABLE_PROGRAMS)
def test_programs_that_cannot_be_loaded_lose_nothing(guest: Guest, path: str) -> None:
    before = guest.free_frames()
    result = guest.run(f"run {path}")
    assert result.status != 0
    assert any("memory" in line for line in result.lines), result.lines
    assert guest.free_frames() == before
    assert "Hello, world!" in guest.lines("run /bin/hello")
