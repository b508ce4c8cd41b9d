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
    if len(data) <= BYTES_PER_LINE:
        return f'_{name}: bytes = b"' + "".join(f"\\x{byte:02x}" for byte in data) + '"\n'
    lines = [f"_{name}: bytes = ("]
    for start in range(0, len(data), BYTES_PER_LINE):
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


def ranges(mapping: Callable[[int], int]) -> list[tuple[int, int, int, int]]:
    """Runs (first, last, step, difference) of code points with the same difference, one or two apart."""
    changed = [(code, mapping(code) - code) for code in range(LAST + 1) if mapping(code) != code]
    runs: list[tuple[int, int, int, int]] = []
    for code, difference in changed:
        if runs and runs[-1][3] == difference:
            first, last, step, _ = runs[-1]
            if code - last == step or (first == last and code - last <= 2):
                runs[-1] = (first, code, code - last, difference)
                continue
        runs.append((code, code, 1, difference))
    return runs


def simple(change: Callable[[str], str]) -> Callable[[int], int]:
    """The mapping to one code point; code points that become several are left to the special table."""

    def mapped(code: int) -> int:
        text = change(chr(code))
        return ord(text) if len(text) == 1 else code

    return mapped


def run_table(change: Callable[[str], str]) -> bytes:
    """Twelve bytes for each run: first 3, last 3, step 1, difference 4 (two's complement), one unused."""
    out = b""
    for first, last, step, difference in ranges(simple(change)):
        out += first.to_bytes(3, "little") + last.to_bytes(3, "little") + bytes([step])
        out += difference.to_bytes(4, "little", signed=True) + b"\0"
    return out


def special_table(change: Callable[[str], str]) -> bytes:
    """Twelve bytes for each code point that becomes two or three: itself, then three, zero for none."""
    out = b""
    for code in range(LAST + 1):
        text = change(chr(code))
        if len(text) > 1:
            codes = [code, *map(ord, text), 0][:4]
            out += b"".join(value.to_bytes(3, "little") for value in codes)
    return out


def is_cased(character: str) -> bool:
    return character.isupper() or character.islower() or character.istitle()


def is_case_ignorable(character: str) -> bool:
    """Unicode 3.13 D136, asked of CPython: whether a final sigma looks through the character."""
    return ("A" + character + "\u03a3").lower()[-1] == "\u03c2" and not is_cased_after(character)


def is_cased_after(character: str) -> bool:
    """Whether the character alone makes the sigma behind it final."""
    return (character + "\u03a3").lower()[-1] == "\u03c2"


def cases_module() -> str:
    properties = [
        ("upper", str.isupper, "``str.isupper`` of one code point."),
        ("lower", str.islower, "``str.islower`` of one code point."),
        ("title", lambda c: c.istitle() and not c.isupper(), "A title-case letter such as U+01C5."),
        ("cased", is_cased_after, "Unicode's Cased (3.13 D135), for the final sigma."),
        ("case_ignorable", is_case_ignorable, "Unicode's Case_Ignorable (3.13 D136), for the final sigma."),
    ]
    out = _HEADER.format(
        title="Upper, lower and title case of code points.",
        text="Property tables as boundary_search reads them; mappings as case_mapping reads them.",
        imports="is_inside",
    )
    made = [property_source(*row) for row in properties]
    out += "".join(tables for tables, _ in made)
    for name, change in (("UPPER", str.upper), ("LOWER", str.lower), ("TITLE", str.title), ("FOLD", str.casefold)):
        out += literal(f"{name}_RUNS", run_table(change)).replace(f"_{name}", name, 1)
        out += literal(f"{name}_SPECIAL", special_table(change)).replace(f"_{name}", name, 1)
    return out + "".join(function for _, function in made)


def main() -> None:
    for name, text in sources().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def sources() -> dict[str, str]:
    return {"unicode_tables.py": tables_module(), "unicode_cases.py": cases_module()}


if __name__ == "__main__":
    main()
