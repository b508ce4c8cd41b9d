"""How representations, symbols and constants are spelled in LLVM's textual form.

Nothing here has state except memory of spellings already found: the same few are asked for all the time.
"""

from __future__ import annotations

import re
import struct
from functools import cache, lru_cache

from compiler.ir.ops import Constant, Convention, Signature
from compiler.ir.types import UNIT, AggregateRep, FloatRep, IntegerRep, Rep

_PLAIN = re.compile(r"[A-Za-z_.$][A-Za-z0-9_.$]*\Z")


@cache
def llvm_type(rep: Rep) -> str:
    """The register type; also the memory type (an i1 takes one byte in both worlds)."""
    match rep:
        case IntegerRep(bits):
            return f"i{bits}"
        case FloatRep():
            return "double"
        case AggregateRep(()):
            return "{}"
        case AggregateRep(parts):
            return "{ " + ", ".join(llvm_type(part) for part in parts) + " }"
    return "ptr"


@cache
def result_type(signature: Signature) -> str:
    """What the machine function returns: the value, the exception, or both."""
    value = llvm_type(signature.result)
    if signature.may_raise:
        return "ptr" if signature.result == UNIT else f"{{ {value}, ptr }}"
    return "void" if signature.result == UNIT else value


@cache
def calling_convention(convention: Convention) -> str:
    """The keyword with a space after it; nothing for the default."""
    return "win64cc " if convention is Convention.MICROSOFT_X64 else ""


@lru_cache(maxsize=65536)
def symbol(name: str) -> str:
    """A global name, quoted where it has to be."""
    return "@" + (name if _PLAIN.match(name) else f'"{escape(name.encode())}"')


def escape(data: bytes) -> str:
    """The inside of a quoted string: printable ASCII but quote and backslash, the rest as \\XX."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F and byte not in (0x22, 0x5C) else f"\\{byte:02X}" for byte in data)


def constant(value: Constant) -> str:
    """The spelling of a constant without its type."""
    rep, number = value.rep, value.value
    match rep:
        case IntegerRep(1):
            return "true" if number else "false"
        case IntegerRep(bits):
            return integer(int(number or 0), bits)
        case FloatRep():
            return f"0x{struct.unpack('<Q', struct.pack('<d', float(0.0 if number is None else number)))[0]:016X}"
        case AggregateRep():
            return "zeroinitializer"
    return "null" if not number else f"inttoptr (i64 {integer(int(number), 64)} to ptr)"


def integer(number: int, bits: int) -> str:
    """The signed reading of a bit pattern: LLVM takes that for every width."""
    number &= (1 << bits) - 1
    return str(number - (1 << bits) if number >> (bits - 1) else number)
