"""Source text to tree.

CPython parses: its `ast` is copied into ours, and its compiler is then asked to accept the same text, so that the
rules it checks after parsing (`return` outside a function, a name both global and local, duplicate parameters, …) hold
without being written a second time. The text is hostile: whatever it holds, the outcome is a tree or a diagnostic.

After this stage only subset constructs remain. A refused construct is reported and the tree goes on with its closest
ordinary form, so that later stages can still find other errors; with invalid text there is no tree.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
import warnings

from compiler.diagnostics.diagnostic import Note
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import Span, file_span
from compiler.syntax import tree
from compiler.syntax.read_expressions import read_expression
from compiler.syntax.read_statements import docstring_of, read_body
from compiler.syntax.reader import Reader

_BYTE_ORDER_MARK = "\ufeff"
_TYPE_PARAMETERS = re.compile(r"\s*(?:(?:class|def)\s+\w+\s*\[|type\s+\w+)")
_POSITIONS = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def parse_module(source: bytes | str, path: str, module_name: str, sink: DiagnosticSink) -> tree.Module | None:
    """The tree of one file, or None when its text is not Python; what is wrong goes to `sink`.

    `path` is the label that spans carry. The text is registered with the sink so that excerpts can be shown.
    """
    text = decode_source(source, path, sink)
    if text is None:
        return None
    sink.add_source(path, text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # lint is not the compiler's business, and must not reach the terminal
            return _parse_text(text, path, module_name, sink)
    except (RecursionError, MemoryError):
        sink.error("E0103", file_span(path), "the source is nested too deeply", suggestion="split the expression")
    return None


def _parse_text(text: str, path: str, module_name: str, sink: DiagnosticSink) -> tree.Module | None:
    try:
        parsed = ast.parse(text, path)
        reader = Reader(text, path, sink)
        body = read_body(reader, parsed.body)
        compile(text, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        _report_syntax_error(error, text, path, sink)
        return None
    except (ValueError, OverflowError) as error:  # a text CPython cannot even tokenize
        sink.error("E0101", file_span(path), f"invalid syntax: {error}")
        return None
    line_count = text.count("\n") + 1
    return tree.Module(Span(path, 1, 0, line_count, 0), module_name, path, body, docstring_of(parsed.body), text)


def parse_expression_text(text: str, span: Span) -> tree.Expression | None:
    """The expression inside a string, such as a quoted annotation; every node has the span of the string.

    None when it is not an expression; refused constructs inside one are none of an annotation's forms either.
    """
    sink = DiagnosticSink()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = ast.parse(text.strip(" \t"), mode="eval")
        for node in ast.walk(parsed):
            if "lineno" not in node._attributes:
                continue  # contexts and operators are shared by all trees of the process
            for name, value in zip(_POSITIONS, span[1:], strict=True):
                setattr(node, name, value)
        found = read_expression(Reader(text, span.file, sink), parsed.body)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return None
    return None if sink.has_errors else found


def decode_source(source: bytes | str, path: str, sink: DiagnosticSink) -> str | None:
    """The text of a file with lines ended by newline only, as CPython's tokenizer sees it; None when unreadable."""
    text = source if isinstance(source, str) else _decoded(source, path, sink)
    if text is None:
        return None
    text = text.removeprefix(_BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n")
    position = text.find("\0")
    if position >= 0:
        sink.add_source(path, text)
        sink.error("E0102", _character_span(text, path, position), "the source contains a null byte")
        return None
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        sink.error("E0102", file_span(path), f"the source cannot be encoded as UTF-8: {error.reason}")
        return None
    return text


def _decoded(source: bytes, path: str, sink: DiagnosticSink) -> str | None:
    """Decode by byte order mark or PEP 263 cookie, UTF-8 without either."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        return source.decode(encoding)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        column = error.start - (source.rfind(b"\n", 0, error.start) + 1)
        message = f"byte 0x{source[error.start]:02x} is not valid {error.encoding}"
        note = Note("a source file is UTF-8 unless its first two lines name another encoding (PEP 263)")
        sink.error("E0102", Span(path, line, column, line, column + 1), message, notes=(note,))
    except SyntaxError as error:
        sink.error("E0102", file_span(path), f"the source cannot be decoded: {error.msg}")
    except (LookupError, ValueError) as error:
        sink.error("E0102", file_span(path), f"the source cannot be decoded: {error}")
    return None


def _character_span(text: str, path: str, position: int) -> Span:
    line_start = text.rfind("\n", 0, position) + 1
    line = text.count("\n", 0, position) + 1
    column = len(text[line_start:position].encode("utf-8", "surrogatepass"))
    return Span(path, line, column, line, column + 1)


def _report_syntax_error(error: SyntaxError, text: str, path: str, sink: DiagnosticSink) -> None:
    span = _syntax_error_span(error, text, path)
    message = error.msg or "invalid syntax"
    if message.startswith("Exceeds the limit"):
        suggestion = "write it in hexadecimal if it is meant"
        sink.error("E0104", span, "the number has too many decimal digits", suggestion=suggestion)
        return
    if message.startswith(("too many nested parentheses", "too many statically nested")):
        sink.error("E0103", span, message)
        return
    sink.error("E0101", span, message, notes=_newer_syntax_notes(span, text))


def _newer_syntax_notes(span: Span, text: str) -> tuple[Note, ...]:
    """PEP 695 is taken where the Python that runs pyc parses it; say so where it does not."""
    line = text.split("\n")[span.line - 1] if span.line else ""
    if sys.version_info >= (3, 12) or not _TYPE_PARAMETERS.match(line):
        return ()
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (Note(f"type parameters in brackets (PEP 695) need Python 3.12; pyc runs on {running}, write TypeVar"),)


def _syntax_error_span(error: SyntaxError, text: str, path: str) -> Span:
    """CPython counts characters from 1 and leaves fields out; ours are bytes from 0 and always inside the text."""
    if not error.lineno:
        return file_span(path)
    lines = text.split("\n")
    line = min(error.lineno, len(lines))
    column = _byte_column(lines[line - 1], error.offset)
    end_line = min(error.end_lineno or line, len(lines))
    end_column = _byte_column(lines[end_line - 1], error.end_offset)
    if (end_line, end_column) <= (line, column):
        end_line, end_column = line, column + _width_at(lines[line - 1], column)
    return Span(path, line, column, end_line, end_column)


def _byte_column(line: str, offset: int | None) -> int:
    return len(line[: max(0, (offset or 0) - 1)].encode("utf-8"))


def _width_at(line: str, column: int) -> int:
    """The width in bytes of the character at a column, so that an empty range shows one caret; 0 past the end."""
    return len(line.encode("utf-8")[column:].decode("utf-8", "ignore")[:1].encode("utf-8"))
