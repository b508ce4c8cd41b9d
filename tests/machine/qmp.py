"""QEMU's monitor protocol, the small part that is needed: greeting, commands, events (QEMU Machine Protocol 0.12).

The events stay readable after QEMU has ended, because the socket keeps what was sent: that is how a power-off is told
from a reset.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0


class MonitorGone(Exception):
    """QEMU has ended or does not answer."""


class Monitor:
    """A connection to QEMU's monitor socket."""

    def __init__(self, path: Path, is_alive: Callable[[], bool] = lambda: True) -> None:
        self._socket = connect(path, is_alive)
        self._buffer = b""
        self.events: list[dict[str, Any]] = []
        try:
            self._read_message(ANSWER_SECONDS)
            self.command("qmp_capabilities")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Monitor:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def command(self, name: str, **arguments: object) -> Any:
        """Execute one command and give its answer; events that come in between are kept."""
        message = json.dumps({"execute": name, "arguments": arguments}).encode() + b"\n"
        try:
            self._socket.sendall(message)
        except OSError as error:
            raise MonitorGone(str(error)) from error
        while True:
            answer = self._read_message(ANSWER_SECONDS)
            if "error" in answer:
                raise MonitorGone(f"{name}: {answer['error'].get('desc', answer['error'])}")
            if "return" in answer:
                return answer["return"]
            self.events.append(answer)

    def drain_events(self) -> list[dict[str, Any]]:
        """All events up to the end of the stream; for use after QEMU has ended."""
        try:
            while True:
                self.events.append(self._read_message(0.2))
        except MonitorGone:
            return self.events

    def shutdown_reason(self) -> str:
        """`guest-shutdown`, `guest-reset`, … or nothing when QEMU sent no SHUTDOWN event."""
        for event in self.drain_events():
            if event.get("event") == "SHUTDOWN":
                return str(event["data"].get("reason", ""))
        return ""

    def _read_message(self, timeout: float) -> dict[str, Any]:
        self._socket.settimeout(timeout)
        while b"\n" not in self._buffer:
            try:
                data = self._socket.recv(65536)
            except OSError as error:
                raise MonitorGone(str(error)) from error
            if not data:
                raise MonitorGone("the connection has ended")
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\n", 1)
        message: dict[str, Any] = json.loads(line)
        return message


def connect(path: Path, is_alive: Callable[[], bool]) -> socket.socket:
    """QEMU makes its socket shortly after it starts."""
    deadline = time.monotonic() + CONNECT_SECONDS
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
            return connection
        except OSError as error:
            connection.close()
            if time.monotonic() > deadline or not is_alive():
                raise MonitorGone(str(error)) from error
        time.sleep(0.02)
