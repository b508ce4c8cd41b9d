"""How much stack each function takes, read from its prologue.

The machine code is the only witness that every code path shares: LLVM's `.stack_sizes` cannot be switched on from
every front end. A prologue (System V, frame pointer or not) is pushes, `mov rbp, rsp` and one subtraction from rsp; a
function whose frame is set up later (shrink wrapping) is found by its `push rbp; mov rbp, rsp`. The figure counts
pushes and locals, and the slack of an aligned frame, but not the return address: what `.stack_sizes` counts. Dynamic
allocation is not seen; the language that needs a limit has none.
"""

from __future__ import annotations

from compiler.formats.elf import SymbolType
from compiler.link.object_file import InputObject
from compiler.link.read_elf import read_object

_ENDBR64 = b"\xf3\x0f\x1e\xfa"
_FRAME_POINTER_SETUP = b"\x55\x48\x89\xe5"  # push rbp; mov rbp, rsp
_MOVES_TO_RBP = (b"\x48\x89\xe5", b"\x48\x8b\xec")
_SUB_RSP_BYTE, _SUB_RSP_WORD = b"\x48\x83\xec", b"\x48\x81\xec"
_AND_RSP_BYTE, _AND_RSP_WORD = b"\x48\x83\xe4", b"\x48\x81\xe4"
_PUSH_SIZE = 8


def function_frame_sizes(objects: list[InputObject]) -> dict[str, int]:
    """Bytes of stack by function symbol, for every function of the objects."""
    sizes: dict[str, int] = {}
    for index, source in enumerate(objects):
        file = read_object(source, index)
        for symbol in file.raw_symbols:
            section = file.sections[symbol.section_index] if symbol.section_index > 0 else None
            if symbol.kind == SymbolType.FUNC and section is not None and symbol.size:
                code = bytes(section.data[symbol.value : symbol.value + symbol.size])
                sizes[symbol.name] = max(_frame_size(code), sizes.get(symbol.name, 0))  # locals may share a name
    return sizes


def _frame_size(code: bytes) -> int:
    start = len(_ENDBR64) if code.startswith(_ENDBR64) else 0
    if not code.startswith(b"\x55", start):
        late = code.find(_FRAME_POINTER_SETUP)
        start = late if late >= 0 else start
    return _prologue_size(code, start)


def _prologue_size(code: bytes, at: int) -> int:
    """Walk the prologue from `at` until an instruction that does not belong to one."""
    size = 0
    while at < len(code):
        length, pushed = _push(code, at)
        if pushed:
            size += pushed
        elif code.startswith(_MOVES_TO_RBP, at):
            length = 3
        elif code.startswith((_AND_RSP_BYTE, _AND_RSP_WORD), at):
            length = 4 if code.startswith(_AND_RSP_BYTE, at) else 7
            size += -_immediate(code, at) - _PUSH_SIZE  # slack: an alignment of n skips at most n - 8 bytes
        elif code.startswith((_SUB_RSP_BYTE, _SUB_RSP_WORD), at):
            return size + _immediate(code, at)
        else:
            break
        at += length
    return size


def _push(code: bytes, at: int) -> tuple[int, int]:
    """(length, bytes pushed) of `push register`, else zeros (Intel SDM volume 2, PUSH)."""
    if code[at] == 0x41 and at + 1 < len(code) and 0x50 <= code[at + 1] <= 0x57:
        return 2, _PUSH_SIZE
    return (1, _PUSH_SIZE) if 0x50 <= code[at] <= 0x57 else (0, 0)


def _immediate(code: bytes, at: int) -> int:
    """The sign-extended immediate of `sub rsp, n` or `and rsp, n` in its 8- or 32-bit form."""
    size = 1 if code[at + 1] == 0x83 else 4
    return int.from_bytes(code[at + 3 : at + 3 + size], "little", signed=True)
