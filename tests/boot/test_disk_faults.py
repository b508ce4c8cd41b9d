"""Disks that lie, fail, hang or are not there: one line for the caller, nothing lost, and the kernel goes on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.boot.bad_programs import good_program
from tests.boot.broken_volume import PARTITION_OFFSET, BrokenVolume
from tests.boot.guest import Guest, running_guest
from tests.machine import build_tree
from tests.machine.disk_image import write
from tests.machine.qemu import DiskTransport

pytestmark = pytest.mark.machine

FILE_BYTES = 20000
FILES = ("cyclic", "self", "pastend", "reserved", "free", "bad", "short", "first0", "first1", "program")
# What `cat` or `run` of each says.
REASONS = {
    "cat /broken/cyclic": "does not end",
    "cat /broken/self": "does not end",
    "cat /broken/pastend": "which is not on the volume",
    "cat /broken/reserved": "points at 1, which is not on the volume",
    "cat /broken/free": "runs into the free cluster",
    "cat /broken/bad": "runs into the bad cluster",
    "cat /broken/short": "a file of 20000 bytes in a chain of",
    "cat /broken/first0": "a file of 20000 bytes in a chain of 0",
    "cat /broken/first1": "cluster 1 is not on the volume",
    "run /broken/program": "does not end",
    "ls /loop": "does not end",
    "cat /loop/f001": "does not end",
    "ls /zero/sub": "has no clusters",
    "ls /wild/sub": "is not on the volume",
}


@pytest.fixture(scope="module")
def broken_disk(tmp_path_factory: pytest.TempPathFactory, disk_image: Path) -> Path:
    """A disk that boots, with a damaged structure for each line above."""
    image = tmp_path_factory.mktemp("broken") / "disk.img"
    files = build_tree.root_tree(build_tree.compile_targets())
    files |= {f"/broken/{name}": bytes(FILE_BYTES) for name in FILES}
    files["/broken/program"] = good_program().ljust(FILE_BYTES, b"\0")
    files |= {f"/loop/f{number:03}": b"x" for number in range(200)}
    files |= {"/zero/sub/x": b"x", "/wild/sub/x": b"x", "/up/sub/x": b"deep\n"}
    write(image, files)
    bend(BrokenVolume(image))
    return image


def bend(volume: BrokenVolume) -> None:
    chains = {name: volume.chain(f"/broken/{name}") for name in FILES}
    volume.point(chains["cyclic"][-1], chains["cyclic"][0])
    volume.point(chains["self"][1], chains["self"][1])
    volume.point(chains["pastend"][1], 0xFFF0)
    volume.point(chains["reserved"][1], 1)
    volume.point(chains["free"][1], 0)
    volume.point(chains["bad"][1], 0xFFF7)
    volume.point(chains["short"][1], 0xFFFF)
    volume.redirect("/broken/first0", 0)
    volume.redirect("/broken/first1", 1)
    volume.point(chains["program"][2], chains["program"][0])
    loop = volume.chain("/loop")
    volume.point(loop[-1], loop[0])
    # The directory must not end before its chain does.
    last = volume.place_of(loop[-1])
    size = volume.cluster_bytes
    content = volume.read(last, size)
    volume.write(
        last, b"".join(content[at : at + 32] if content[at] else b"\xe5" + bytes(31) for at in range(0, size, 32))
    )
    volume.redirect("/zero/sub", 0)
    volume.redirect("/wild/sub", 0xFFF0)
    volume.redirect("/up/sub", volume.chain("/up")[0])


@pytest.fixture(scope="module")
def broken_guest(broken_disk: Path) -> Iterator[Guest]:
    with running_guest(broken_disk) as guest:
        yield guest


@pytest.mark.parametrize("command", REASONS)
def test_a_damaged_structure_is_an_error_of_the_command(broken_guest: Guest, command: str) -> None:
    broken_guest.run(command)
    before = broken_guest.free_frames()
    lines = broken_guest.lines(command, status=1)
    assert REASONS[command] in lines[-1]
    assert broken_guest.free_frames() == before


def test_a_directory_that_holds_itself_is_only_as_deep_as_the_path(broken_guest: Guest) -> None:
    path = "/up" + "/sub" * 50
    assert broken_guest.lines(f"ls {path}")[2].split()[:2] == ["sub", "<DIR>"]


def test_what_is_whole_still_works(broken_guest: Guest) -> None:
    assert "Hello, world!" in broken_guest.lines("run /bin/hello")
    assert broken_guest.lines("selftest")[-1].endswith("6/6 PASSED ===")


def drive(words: list[str], options: str) -> list[str]:
    """Replace the options of the first disk."""
    place = next(index for index, word in enumerate(words) if word.startswith("if=none,id=disk,"))
    return [*words[:place], options, *words[place + 1 :]]


@pytest.mark.parametrize("transport", [DiskTransport.LEGACY, DiskTransport.MODERN], ids=lambda kind: kind.value)
def test_a_sector_that_cannot_be_read(crowded_disk: Path, tmp_path: Path, transport: DiskTransport) -> None:
    image = tmp_path / "disk.img"
    shutil.copyfile(crowded_disk, image)
    sector = BrokenVolume(image).disk_sector(BrokenVolume(image).chain("/texts/broken")[2])
    rules = tmp_path / "rules"
    rules.write_text(f'[inject-error]\nevent = "read_aio"\nerrno = "5"\nsector = "{sector}"\nonce = "off"\n')
    options = f"if=none,id=disk,format=raw,file=blkdebug:{rules}:{image}"
    with running_guest(image, lambda words: drive(words, options), disk_transport=transport) as guest:
        guest.run(f"blkread {sector}")
        before = guest.free_frames()
        assert guest.lines("cat /texts/broken", status=1)[-1].startswith("cat: virtio-blk: error 1 while reading")
        assert guest.lines(f"blkread {sector}", status=1) == [
            f"blkread: virtio-blk: error 1 while reading sector {sector}"
        ]
        assert guest.lines(f"blkread {sector - 1}")[0] == f"Sector {sector - 1}:"
        assert guest.lines("cat /texts/hello.txt") == ["Hello from FAT16!"]
        assert guest.lines("selftest")[-1].endswith("6/6 PASSED ===")
        assert guest.free_frames() == before


def test_a_disk_that_vanishes(crowded_disk: Path) -> None:
    with running_guest(crowded_disk) as guest:
        guest.monitor.command("human-monitor-command", **{"command-line": "drive_del disk"})
        assert "virtio-blk: " in guest.lines("run /bin/hello", status=1)[-1]
        assert "virtio-blk: " in guest.lines("blkread", status=1)[-1]
        assert guest.lines("usermode") == ["Hello from Ring 3!"]
        assert guest.lines("elf")[3] == "Hello, world!"
        lines = guest.lines("selftest", status=1)
        assert next(line for line in lines if line.startswith("[FAIL]")).startswith("[FAIL] virtio_blk: ")
        assert lines[-1] == "=== SELFTEST END: 4/6 FAILED ==="


def test_a_disk_that_hangs_is_given_up(crowded_disk: Path) -> None:
    with running_guest(crowded_disk) as guest:
        limits = dict.fromkeys(("bps", "bps_rd", "bps_wr", "iops", "iops_rd", "iops_wr"), 0)
        guest.monitor.command("block_set_io_throttle", device="disk", **{**limits, "bps_rd": 1})
        answers = [guest.run(f"blkread {number}").lines[-1] for number in range(1, 4)]
        assert "blkread: virtio-blk: the disk does not answer" in answers
        assert answers[-1] == "blkread: virtio-blk: the disk was given up after an earlier error"
        assert guest.lines("usermode") == ["Hello from Ring 3!"]
        # QEMU waits for the request that hangs before it ends.
        guest.monitor.command("block_set_io_throttle", device="disk", **limits)


def boot_elsewhere(words: list[str], disk: Path) -> list[str]:
    """Boot from a stick; the virtio disk is no boot device."""
    words = [word.replace(",bootindex=0", "") for word in words]
    stick = f"if=none,id=stick,format=raw,snapshot=on,file={disk}"
    return [*words, "-device", "qemu-xhci", "-drive", stick, "-device", "usb-storage,drive=stick,bootindex=0"]


def without_disk(words: list[str]) -> list[str]:
    place = next(index for index, word in enumerate(words) if word.startswith("virtio-blk-pci,"))
    return [*words[: place - 1], *words[place + 1 :]]


def test_no_disk_at_all(crowded_disk: Path) -> None:
    with running_guest(crowded_disk, lambda words: without_disk(boot_elsewhere(words, crowded_disk))) as guest:
        assert "disk: no virtio disk" in guest.transcript
        assert guest.lines("ls", status=1) == ["ls: no file system is mounted"]
        assert guest.lines("blkread", status=1) == ["blkread: no disk"]
        assert guest.lines("run /bin/hello", status=1)[-1] == "run: no file system is mounted"
        assert guest.lines("usermode") == ["Hello from Ring 3!"]


@pytest.mark.parametrize("damage", ["empty", "boot sector"])
def test_a_disk_without_a_file_system(crowded_disk: Path, tmp_path: Path, damage: str) -> None:
    image = tmp_path / "damaged.img"
    if damage == "boot sector":
        shutil.copyfile(crowded_disk, image)
        with image.open("r+b") as file:
            file.seek(PARTITION_OFFSET + 11)
            file.write(b"\x07\x00\x00")
    else:
        image.write_bytes(bytes(4 << 20))
    with running_guest(image, lambda words: boot_elsewhere(words, crowded_disk)) as guest:
        assert any(line.startswith("file system: ") for line in guest.transcript), guest.transcript
        assert guest.lines("ls", status=1) == ["ls: no file system is mounted"]
        assert guest.lines("blkread", status=0 if damage == "boot sector" else 1)[0] == "Sector 0:"
        assert guest.lines("usermode") == ["Hello from Ring 3!"]
