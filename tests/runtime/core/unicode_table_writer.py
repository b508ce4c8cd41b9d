"""Writes runtime/core/unicode_tables.py and unicode_cases.py from CPython's own character database.

``python -m tests.runtime.core.unicode_table_writer`` rewrites them; a test compares them with what this would write.
The oracle is CPython 3.11, so the tables are Unicode 14.0's.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

LAST = 0x10_FFFF
BYTES_PER_LINE = 26
FOLDER = Path(__file__).resolve().parents[3] / "runtime" / "core"

_HEADER = '''"""{title}

Generated from CPython 3.11's character database (Unicode 14.0) by tests/runtime/core/unicode_table_writer.py.
{text}
"""

from __future__ import annotations

from runtime.core.boundary_search import {imports}

'''


def boundaries(member: Callable[[str], bool]) -> list[int]:
    """The code points at which membership changes, starting outside."""
    found = []
    inside = False
    for code in range(LAST + 1):
        if member(chr(code)) != inside:
            inside = not inside
            found.append(code)
    return found


def literal(name: str, data: bytes) -> str:
    lines = [f"_{name}: bytes = ("]
    for start in range(0, max(len(data), 1), BYTES_PER_LINE):
        piece = data[start : start + BYTES_PER_LINE]
        lines.append('    b"' + "".join(f"\\x{byte:02x}" for byte in piece) + '"')
    return "\n".join([*lines, ")"]) + "\n"


def property_source(name: str, member: Callable[[str], bool], text: str) -> tuple[str, str]:
    """The table literals and the function that asks them."""
    edges = boundaries(member)
    low = b"".join(edge.to_bytes(2, "little") for edge in edges if edge < 0x1_0000)
    high = b"".join(edge.to_bytes(3, "little") for edge in edges if edge >= 0x1_0000)
    tables = literal(f"{name.upper()}_LOW", low) + literal(f"{name.upper()}_HIGH", high)
    function = (
        f"\n\ndef is_{name}(code: int) -> bool:\n"
        f'    """{text}"""\n'
        f"    return is_inside(_{name.upper()}_LOW, _{name.upper()}_HIGH, code)\n"
    )
    return tables, function


def tables_module() -> str:
    properties = [
        ("printable", str.isprintable, "``str.isprintable`` of one code point."),
        ("alphabetic", str.isalpha, "``str.isalpha`` of one code point."),
        ("numeric", str.isnumeric, "``str.isnumeric`` of one code point."),
        ("digit", str.isdigit, "``str.isdigit`` of one code point."),
        ("decimal", str.isdecimal, "``str.isdecimal`` of one code point."),
        ("whitespace", str.isspace, "``str.isspace`` of one code point."),
    ]
    out = _HEADER.format(
        title="Which code points are letters, digits, white space or printable.",
        text="Each table holds the code points at which membership changes (see boundary_search).",
        imports="boundary_below, is_inside",
    )
    made = [property_source(*row) for row in properties]
    out += "".join(tables for tables, _ in made) + "".join(function for _, function in made)
    zeros = [c for c in range(LAST + 1) if chr(c).isdecimal() and int(chr(c)) == 0]
    for zero in zeros:
        assert all(int(chr(zero + digit)) == digit for digit in range(10))
    return out + _DECIMAL_VALUE


_DECIMAL_VALUE = '''

def decimal_value(code: int) -> int:
    """The digit a decimal code point stands for; -1 for others. Decimals come in runs of ten from a zero."""
    if not is_decimal(code):
        return -1
    return (code - boundary_below(_DECIMAL_LOW, _DECIMAL_HIGH, code)) % 10
'''


def main() -> None:
    for name, text in sources().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def sources() -> dict[str, str]:
    return {"unicode_tables.py": tables_module()}


if __name__ == "__main__":
    main()
