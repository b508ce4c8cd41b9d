"""The link map: what lies where, how large it is and which object brought it; for people and for size questions.

Three tables: parts of the image, symbols by address, symbols by size. Text only; nothing reads it back.
"""

from __future__ import annotations

from compiler.link.layout import Layout
from compiler.link.linker_symbols import Role
from compiler.link.object_file import ImageSymbol

_PERMISSIONS = {Role.TEXT: "r-x", Role.RODATA: "r--", Role.RELRO: "r--", Role.DATA: "rw-", Role.BSS: "rw-"}


def write_map(layout: Layout, symbols: tuple[ImageSymbol, ...], base: int, entry: int) -> str:
    """The whole map as text."""
    lines = [f"entry {entry:#x}, image base {base:#x}, image size {layout.end:#x} bytes", ""]
    lines += _parts_table(layout, base)
    lines += ["", "input sections", f"{'address':>18} {'size':>10}  section  object"]
    for part in layout.parts.values():
        for section in part.sections:
            lines.append(f"{base + section.address:#18x} {section.size:>10}  {section.name}  {section.object_name}")
    lines += ["", "symbols by address", f"{'address':>18} {'size':>10}  {'section':<8}  symbol  object"]
    lines += [_symbol_line(symbol) for symbol in symbols]
    lines += ["", "symbols by size", f"{'size':>10}  {'section':<8}  symbol  object"]
    lines += _sizes_table(symbols)
    return "\n".join(lines) + "\n"


def _parts_table(layout: Layout, base: int) -> list[str]:
    lines = ["parts", f"{'address':>18} {'size':>10} {'align':>6}  may  part"]
    for role, part in layout.parts.items():
        row = f"{base + part.offset:#18x} {part.size:>10} {part.alignment:>6}  {_PERMISSIONS[role]}  {role.value}"
        lines.append(row)
    for output in layout.debug.values():
        lines.append(f"{'-':>18} {output.size:>10} {1:>6}  ---  {output.name}")
    return lines


def _symbol_line(symbol: ImageSymbol) -> str:
    return f"{symbol.address:#18x} {symbol.size:>10}  {symbol.section:<8}  {symbol.name}  {symbol.object_name}"


def _sizes_table(symbols: tuple[ImageSymbol, ...]) -> list[str]:
    sized = sorted((s for s in symbols if s.size), key=lambda s: (-s.size, s.name, s.address))
    return [f"{symbol.size:>10}  {symbol.section:<8}  {symbol.name}  {symbol.object_name}" for symbol in sized]
