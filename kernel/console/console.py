"""The console: every output device gets every byte, every input device feeds one queue. What the monitor talks through.

Input is polled by the timer tick and by whoever waits for a key, into a ring, so nothing typed is lost while a command
runs. ^C is seen when it arrives: while a program runs, `on_interrupt` ends it; otherwise it is a byte like any other,
for the line editor. Waiting is `sti; hlt`: the next tick or device wakes the CPU.

Contract: output never waits without a bound (the devices' promise). `poll_input` may be called from interrupt context
and allocates nothing; everything else is for the boot CPU outside of interrupts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kernel.arch.x86_64.power import wait_for_interrupt
from kernel.console.line_editing import LineEditor, LineEvent
from kernel.console.screen_console import ScreenConsole
from kernel.interfaces.character_device import CharacterDevice
from kernel.lib.ring_buffer import RingBuffer
from kernel.sync.interrupt_guard import pop_interrupts_off, push_interrupts_off

# Bytes: a page of pasted commands fits.
INPUT_RING_BYTES: Final = 4096
# Bytes taken from one device in one poll; a tick stays short, and the UART's FIFO holds 16.
BYTES_PER_POLL: Final = 64
INTERRUPT_CHARACTER: Final = 0x03
LINE_FEED: Final = 0x0A


def keep_byte() -> bool:
    """No program runs: ^C belongs to the line editor."""
    return False


class Console:
    """The devices and the queue."""

    def __init__(self) -> None:
        self.serial: CharacterDevice | None = None
        self.keyboard: CharacterDevice | None = None
        self.screen: ScreenConsole | None = None
        self.input: RingBuffer = RingBuffer(INPUT_RING_BYTES)
        # Set while output is thrown away (`repeat`).
        self.quiet: bool = False
        # Whether what was shown last ended its line.
        self.is_line_ended: bool = True
        # Called in interrupt context when ^C arrives; True when it is dealt with.
        self.on_interrupt: Callable[[], bool] = keep_byte

    def write_bytes(self, data: bytes) -> None:
        """Show bytes (UTF-8) everywhere."""
        if self.quiet or len(data) == 0:
            return
        self.is_line_ended = data[len(data) - 1] == LINE_FEED
        screen = self.screen
        if screen is not None:
            screen.write_bytes(data)
        serial = self.serial
        if serial is not None:
            serial.write_bytes(data)

    def show_prompt(self, text: str) -> None:
        """Show a text that says "ready": the screen is complete before the serial line says so."""
        data = text.encode("utf-8")
        screen = self.screen
        if screen is not None:
            screen.write_bytes(data)
            screen.flush()
        serial = self.serial
        if serial is not None:
            serial.write_bytes(data)

    def write(self, text: str) -> None:
        """Show a text."""
        self.write_bytes(text.encode("utf-8"))

    def line(self, text: str) -> None:
        """Show a text and end the line."""
        self.write(text + "\n")

    def begin_line(self) -> None:
        """End the line that a program has left unfinished: what comes next is ours."""
        if not self.is_line_ended:
            self.write("\n")

    def flush(self) -> None:
        """Bring the screen up to date."""
        screen = self.screen
        if screen is not None:
            screen.flush()

    def poll_input(self) -> None:
        """Move what has arrived into the ring. Interrupts are off, or the caller is the tick."""
        serial = self.serial
        if serial is not None:
            self._take_from(serial)
        keyboard = self.keyboard
        if keyboard is not None:
            self._take_from(keyboard)

    def _take_from(self, device: CharacterDevice) -> None:
        for _ in range(BYTES_PER_POLL):
            byte = device.read_byte()
            if byte < 0:
                return
            on_interrupt = self.on_interrupt
            if byte != INTERRUPT_CHARACTER or not on_interrupt():
                self.input.put(byte)

    def try_read_byte(self) -> int:
        """The next byte of input, or -1; never waits."""
        push_interrupts_off()
        self.poll_input()
        byte = self.input.get()
        pop_interrupts_off()
        return byte

    def wait_for_input(self) -> None:
        """Sleep until something may have arrived."""
        self.flush()
        wait_for_interrupt()

    def read_byte(self) -> int:
        """The next byte of input; waits for it."""
        while True:
            byte = self.try_read_byte()
            if byte >= 0:
                return byte
            self.wait_for_input()

    def read_line(self, editor: LineEditor, prompt: str) -> LineEvent:
        """Let the user edit one line; the text is in `editor.line` when the event is FINISHED."""
        editor.start(prompt)
        self.show_prompt(editor.take_echo())
        while True:
            event = editor.feed(self.read_byte())
            self.write(editor.take_echo())
            if event is not LineEvent.EDITING:
                return event


CONSOLE = Console()


def poll_on_tick() -> None:
    """For the timer's hook."""
    CONSOLE.poll_input()


def write(text: str) -> None:
    CONSOLE.write(text)


def line(text: str) -> None:
    CONSOLE.line(text)
