"""The loop on the console: prompt, line, command, status. Never returns.

After each command and before the next prompt comes the "command finished" mark of terminals, OSC 133 ; D ; status,
which a terminal hides and a test reads (tests/machine/console_session.py).
"""

from __future__ import annotations

from typing import Final, NoReturn

from kernel.console.console import CONSOLE
from kernel.console.line_editing import LineEditor, LineEvent
from kernel.monitor.interpreter import execute_line

# Bright green where there are colours; the words are what a test waits for.
PROMPT: Final = "\x1b[1;32mpyc> \x1b[0m"
# What a shell reports for a line that was given up by ^C.
INTERRUPTED_STATUS: Final = 130


def run_monitor() -> NoReturn:
    """Serve the console for ever."""
    editor = LineEditor()
    while True:
        status = serve_line(editor)
        if status >= 0:
            CONSOLE.write(f"\x1b]133;D;{status}\x07")


def serve_line(editor: LineEditor) -> int:
    """One line; its status, or -1 when there was nothing to do."""
    event = CONSOLE.read_line(editor, PROMPT)
    if event is LineEvent.CANCELLED:
        return INTERRUPTED_STATUS
    if event is not LineEvent.FINISHED or len(editor.line.strip()) == 0:
        return -1
    return execute_line(editor.line)
