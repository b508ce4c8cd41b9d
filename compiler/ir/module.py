"""Functions, data items and the whole program: the noun that lowering fills, passes change and codegen reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from compiler.ir.ops import Block, Convention, Local, Parameter, Signature
from compiler.ir.types import Rep


@dataclass(slots=True, eq=False)
class Function:
    """One function. It has either blocks (the first is the entry) or `assembly` (naked)."""

    symbol: str
    parameters: list[Parameter]
    result: Rep
    file: str
    line: int
    display_name: str
    """As a traceback shows it: `method`, `function`, `<module>`."""
    unit: str
    """The compilation unit (object) it belongs to: its module's dotted name."""
    blocks: list[Block] = field(default_factory=list)
    locals: list[Local] = field(default_factory=list)
    may_raise: bool = True
    convention: Convention = Convention.SYSTEM_V
    assembly: str | None = None
    exported: bool = False
    """A root: kept by the linker, symbol exactly as given, never changed by inference."""
    inline: bool = False
    no_inline: bool = False
    declared_no_raise: bool = False
    """Reached from assembly, firmware or hardware: a failure that would leave it panics."""
    is_interrupt: bool = False
    declared_no_alloc: bool = False
    declared_no_block: bool = False
    blocks_thread: bool = False
    address_taken: bool = False
    """Called through a table or a value: the signature must stay {result, exception}."""
    section: str | None = None
    never_returns: bool = False
    source_name: str = ""
    """Qualified Python name for messages: `kernel.mm.frames.FrameAllocator.allocate`."""

    def signature(self) -> Signature:
        return Signature(tuple(p.rep for p in self.parameters), self.result, self.may_raise, self.convention)


class DataSection(Enum):
    READ_ONLY = "rodata"
    """Never written; items with references become relro."""
    WRITABLE = "data"
    ZERO = "bss"


@dataclass(frozen=True, slots=True)
class DataReference:
    """Eight bytes: the address of a symbol plus an addend."""

    symbol: str
    addend: int = 0


@dataclass(slots=True, eq=False)
class DataItem:
    """A static object or table: bytes and references in order. ZERO items give only `size`."""

    symbol: str
    unit: str
    section: DataSection
    alignment: int
    parts: tuple[bytes | DataReference, ...] = ()
    size: int = 0
    exported: bool = False
    mergeable: bool = False
    """Same content may be merged across units (literals); the symbol is derived from the content."""


@dataclass(slots=True)
class Program:
    """Everything that is to become one image. Insertion order is deterministic and decides the order in objects."""

    functions: dict[str, Function] = field(default_factory=dict)
    data: dict[str, DataItem] = field(default_factory=dict)
    external: dict[str, Signature] = field(default_factory=dict)
    """Functions defined elsewhere (module assembly, linker)."""
    defects: dict[str, str] = field(default_factory=dict)
    """Defect name → symbol of its preallocated exception object."""
    defect_classes: set[str] = field(default_factory=set)
    """Descriptor symbols of the classes whose instances are defects too (`raise IndexError(…)`); conditions are the
    rest."""
    entry_symbol: str = "_start"
    shared_counts: bool = False
    """Several threads may hold the same objects: counts change atomically."""

    def signature(self, symbol: str) -> Signature:
        function = self.functions.get(symbol)
        return function.signature() if function is not None else self.external[symbol]
