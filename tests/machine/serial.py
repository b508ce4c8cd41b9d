"""A channel over a process's streams: the other end is QEMU's serial port, or a script that plays the guest."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
from io import BufferedWriter


class ProcessChannel:
    """Reads a process's output, writes its input, and keeps a copy of everything read in `log`."""

    def __init__(self, process: subprocess.Popen[bytes], log: BufferedWriter | None = None) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._input = process.stdin.fileno()
        self._output = process.stdout.fileno()
        self._log = log
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._output, selectors.EVENT_READ)

    def read(self, timeout: float) -> bytes | None:
        """What has come within the time (perhaps nothing); None at the end of the stream."""
        if not self._selector.select(timeout):
            return b""
        data = os.read(self._output, 65536)
        if self._log is not None:
            self._log.write(data)
            self._log.flush()
        return data or None

    def write(self, data: bytes) -> None:
        """Send all of it; a guest that has gone is noticed by the next read."""
        with contextlib.suppress(BrokenPipeError):
            while data:
                data = data[os.write(self._input, data) :]

    def close(self) -> None:
        self._selector.close()
