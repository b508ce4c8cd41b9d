"""Static objects and tables as LLVM text: packed constants with exact bytes, one section per item.

Sections: `.rodata` for constants, `.data.rel.ro` for constants that hold addresses in an image loaded anywhere (they
are written once, by whoever relocates it), `.data`, `.bss`. Mergeable items are weak under their content-derived
symbol.
"""

from __future__ import annotations

from collections.abc import Callable

from compiler.codegen.type_map import escape, symbol
from compiler.ir.module import DataItem, DataReference, DataSection


def section_name(item: DataItem, position_independent: bool) -> str:
    """Where the item goes."""
    if item.section is DataSection.READ_ONLY:
        has_reference = any(isinstance(part, DataReference) for part in item.parts)
        return f".data.rel.ro.{item.symbol}" if has_reference and position_independent else f".rodata.{item.symbol}"
    return f".{item.section.value}.{item.symbol}"


def data_text(item: DataItem, position_independent: bool, use_symbol: Callable[[str], str]) -> str:
    """The definition of one item."""
    kinds: list[str] = []
    values: list[str] = []
    for part in item.parts:
        kind, value = _part(part, use_symbol)
        kinds.append(kind)
        values.append(f"{kind} {value}")
    kind, value = _whole(item, kinds, values)
    constant = "constant" if item.section is DataSection.READ_ONLY else "global"
    linkage = "weak_odr hidden" if item.mergeable else "dso_local" if item.exported else "hidden"
    section = escape(section_name(item, position_independent).encode())
    return f'{symbol(item.symbol)} = {linkage} {constant} {kind} {value}, section "{section}", align {item.alignment}'


def _whole(item: DataItem, kinds: list[str], values: list[str]) -> tuple[str, str]:
    if item.section is DataSection.ZERO or not item.parts:
        return f"[{item.size} x i8]", "zeroinitializer"
    if len(kinds) == 1:
        return kinds[0], values[0][len(kinds[0]) + 1 :]
    return f"<{{ {', '.join(kinds)} }}>", f"<{{ {', '.join(values)} }}>"


def _part(part: bytes | DataReference, use_symbol: Callable[[str], str]) -> tuple[str, str]:
    match part:
        case DataReference(name, addend):
            base = use_symbol(name)
            return "ptr", base if addend == 0 else f"getelementptr (i8, ptr {base}, i64 {addend})"
        case data if not any(data):
            return f"[{len(data)} x i8]", "zeroinitializer"
        case data:
            return f"[{len(data)} x i8]", f'c"{escape(data)}"'
