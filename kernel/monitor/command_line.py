"""A typed line taken apart: commands separated by `;`, words by blanks, quotes and backslashes as in a shell. Pure.

    run /bin/args 'two words' ; mem   →   [["run", "/bin/args", "two words"], ["mem"]]

Single quotes keep everything, double quotes everything but a backslash, a backslash takes the next character as it is.
Errors: CommandLineError with one line for the user.
"""

from __future__ import annotations

from typing import Final

_BLANKS: Final = " \t"


class CommandLineError(Exception):
    """The line cannot be understood."""


class WordReader:
    """Gathers words, then commands."""

    commands: list[list[str]]
    _words: list[str]
    _word: str = ""
    _is_in_word: bool = False

    def __init__(self) -> None:
        self.commands = []
        self._words = []

    def add(self, character: str) -> None:
        """One more character of the present word."""
        self._word += character
        self._is_in_word = True

    def begin_word(self) -> None:
        """A quote begins a word even when nothing is inside of it."""
        self._is_in_word = True

    def end_word(self) -> None:
        if self._is_in_word:
            self._words.append(self._word)
        self._word = ""
        self._is_in_word = False

    def end_command(self) -> None:
        self.end_word()
        if len(self._words) > 0:
            self.commands.append(self._words)
        self._words = []


def split_line(line: str) -> list[list[str]]:
    """The commands of a line, each a list of at least one word."""
    reader = WordReader()
    position = 0
    while position < len(line):
        position = read_character(reader, line, position)
    reader.end_command()
    return reader.commands


def read_character(reader: WordReader, line: str, position: int) -> int:
    """Take what stands at a position; the next position."""
    character = line[position]
    if character == "'" or character == '"':
        return read_quoted(reader, line, position)
    if character == "\\":
        if position + 1 == len(line):
            raise CommandLineError("a backslash with nothing after it")
        reader.add(line[position + 1])
        return position + 2
    if character == ";":
        reader.end_command()
    elif character in _BLANKS:
        reader.end_word()
    else:
        reader.add(character)
    return position + 1


def read_quoted(reader: WordReader, line: str, start: int) -> int:
    """Take a quoted part; the position after its end."""
    quote = line[start]
    reader.begin_word()
    position = start + 1
    while position < len(line):
        character = line[position]
        if character == quote:
            return position + 1
        if character == "\\" and quote == '"' and position + 1 < len(line):
            position += 1
            character = line[position]
        reader.add(character)
        position += 1
    raise CommandLineError("a quote that does not end")
