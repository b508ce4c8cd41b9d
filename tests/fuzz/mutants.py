"""Damaged sources: valid programs with a few tokens or lines changed, to see what the compiler says of them.

Whatever a source looks like, the answer is a program or a diagnostic: never a traceback, never exit code 4.
"""

from __future__ import annotations

import io
import keyword
import tokenize
from pathlib import Path
from random import Random

from compiler.diagnostics.errors import CompileFailed, InternalError
from compiler.diagnostics.render import render_all
from compiler.diagnostics.sink import DiagnosticSink
from compiler.options import BuildOptions, Emit
from compiler.pipeline import build

STRANGERS = (
    "None", "0", "-1", '"x"', "[]", "()", "{}", "self", "x", "int", "str", "list", "list[int]", "lambda: 0", "*",
    "**", "==", "is",
    "not", "in", ".", ",", ":", "->", "=", ":=", "return", "break", "continue", "pass", "yield", "await", "print",
    "len", "range",
    "super()", "True", "1.5", "b''", "f'{x}'", "global x", "del x", "raise", "@", "~", "<<", "9223372036854775808",
    "class", "def",
    "import os", "assert", "isinstance", "Exception", "type", "object", "[x for x in x]", "x[0]", "x.y", "x()", "if",
    "else", "try:",
)  # fmt: skip


def damaged(text: str, random: Random) -> str:
    """One to three small changes."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        text = random.choice((swap_tokens, replace_token, replace_token, delete_token, move_line, delete_line, retype))(
            text, random
        )
    return text


def tokens_of(text: str) -> list[tokenize.TokenInfo]:
    """The tokens up to the first place that cannot be read."""
    found: list[tokenize.TokenInfo] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.string.strip() and token.type not in (tokenize.COMMENT, tokenize.NL):
                found.append(token)
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def spliced(text: str, token: tokenize.TokenInfo, new: str) -> str:
    lines = text.splitlines(keepends=True)
    (row, column), (end_row, end_column) = token.start, token.end
    before = "".join(lines[: row - 1]) + lines[row - 1][:column]
    return before + new + lines[end_row - 1][end_column:] + "".join(lines[end_row:])


def swap_tokens(text: str, random: Random) -> str:
    found = tokens_of(text)
    if len(found) < 2:
        return text
    a, b = sorted(random.sample(found, 2), key=lambda token: token.start)
    return spliced(spliced(text, b, a.string), a, b.string)


def replace_token(text: str, random: Random) -> str:
    """By a token of the same kind from elsewhere, or by something that has no business there."""
    found = tokens_of(text)
    if not found:
        return text
    token = random.choice(found)
    same = [
        other.string
        for other in found
        if other.type == token.type and keyword.iskeyword(other.string) == keyword.iskeyword(token.string)
    ]
    return spliced(text, token, random.choice(same) if random.random() < 0.6 else random.choice(STRANGERS))


def delete_token(text: str, random: Random) -> str:
    found = tokens_of(text)
    return spliced(text, random.choice(found), "") if found else text


def retype(text: str, random: Random) -> str:
    """Another value or type where an annotation or a constant stands: parses, but means something else."""
    names = [
        token
        for token in tokens_of(text)
        if token.string in ("int", "str", "bool", "float", "None", "0", "1", "True", "self")
    ]
    if not names:
        return text
    new = random.choice(
        (
            "int",
            "str",
            "list[int]",
            "None",
            "bool",
            "float",
            "bytes",
            "object",
            "tuple[int, str]",
            "int | None",
            "self",
            "[]",
        )
    )
    return spliced(text, random.choice(names), new)


def delete_line(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    if lines:
        del lines[random.randrange(len(lines))]
    return "".join(lines)


def move_line(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    if len(lines) > 1:
        lines.insert(random.randrange(len(lines)), lines[random.randrange(len(lines))])
    return "".join(lines)


def complaint(text: str, path: Path) -> str | None:
    """What is wrong with the compiler's answer to a source; None when nothing is. Stops before LLVM."""
    path.write_text(text)
    sink = DiagnosticSink()
    try:
        build(BuildOptions(path, emit=Emit.IR, verify_each=True), sink)
    except CompileFailed:
        if not sink.has_errors:
            return "failed without a word"
        render_all(sink)
    except InternalError as error:
        return f"internal error: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None
