"""Who is called for which vector, and the frame with which a program starts."""

from __future__ import annotations

import pytest

from kernel.arch.x86_64.address_layout import USER_TOP
from kernel.arch.x86_64.hooks import HOOKS, register_device
from kernel.arch.x86_64.registers import FRAME_SIZE, RegisterFrame, came_from_user, prepare_user_frame
from runtime.host.arenas import memory
from runtime.lang import Ptr, u64

FRAME_AT = 0x5000


def test_device_vectors_are_32_to_95(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HOOKS, "devices", [])
    called: list[int] = []
    register_device(34, called.append)
    register_device(95, lambda vector: called.append(-vector))
    assert len(HOOKS.devices) == 64
    for vector in (32, 33, 34, 35, 95):
        HOOKS.devices[vector - 32](vector)
    assert called == [34, -95]
    for vector in (31, 96, 0, 255):
        with pytest.raises(ValueError, match="device vector"):
            register_device(vector, called.append)


def test_a_program_starts_with_clean_registers_in_ring_3() -> None:
    arena = memory.map_memory(FRAME_AT, 0x1000, "frame")
    try:
        memory.write(FRAME_AT, b"\xff" * (FRAME_SIZE + 8))
        frame = Ptr[RegisterFrame](u64(FRAME_AT))
        prepare_user_frame(frame, u64(0x40_1000), USER_TOP)
        words = [int.from_bytes(memory.read(FRAME_AT + at, 8), "little") for at in range(0, FRAME_SIZE + 8, 8)]
        assert words[-1] == (1 << 64) - 1, "what lies behind the frame was written"
        # Intel SDM volume 3, 6.14.2: the processor's part is rip, cs, rflags, rsp, ss; reserved bit 1 of rflags is set.
        assert words[-6:-1] == [0x40_1000, frame[0].cs, 0x202, USER_TOP, frame[0].ss]
        assert set(words[:-6]) == {0}
        assert frame[0].cs & 3 == frame[0].ss & 3 == 3
        assert came_from_user(frame)
        frame[0].cs = u64(0x08)
        assert not came_from_user(frame)
        for entry, stack in ((USER_TOP, USER_TOP), (u64(0x40_1000), USER_TOP + 1)):
            with pytest.raises(ValueError, match="user half"):
                prepare_user_frame(frame, entry, stack)
    finally:
        arena.release()
