"""The fixed widths as classes of CPython, rule for rule what the compiler generates.

A width is a subclass of `int` whose operators compute exactly and then check the range of the result's width. The
result's width is that of the fixed operand beside a plain `int`, and the wider of two fixed ones if that contains the
other. A shift keeps the width of its left operand: the count has no say. Sources never name this module; they
import the widths from `runtime.lang`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

INT_BITS: Final = 64  # the language's `int`
INT_MINIMUM: Final = -(1 << 63)
INT_MAXIMUM: Final = (1 << 63) - 1
OVERFLOW_MESSAGE: Final = "integer overflow"  # compiled programs raise one preallocated object with this text


class FixedWidth(int):
    """Base of the eight widths. Instances are immutable and in range."""

    __slots__ = ()

    bits: ClassVar[int] = 0
    signed: ClassVar[bool] = False
    minimum: ClassVar[int] = 0
    maximum: ClassVar[int] = 0

    def __new__(cls, value: int = 0) -> FixedWidth:
        """`value` in this width, refused with OverflowError when it does not fit."""
        if not isinstance(value, int):
            raise TypeError(f"{cls.__name__}() takes an integer, not {type(value).__name__}")
        if not cls.minimum <= int.__index__(value) <= cls.maximum:
            raise overflow()
        return int.__new__(cls, value)

    def __init_subclass__(cls, bits: int, signed: bool) -> None:
        cls.bits = bits
        cls.signed = signed
        cls.minimum = -(1 << (bits - 1)) if signed else 0
        cls.maximum = (1 << (bits - signed)) - 1


def overflow() -> OverflowError:
    """The error for a value that leaves its width."""
    return OverflowError(OVERFLOW_MESSAGE)


class u8(FixedWidth, bits=8, signed=False):
    """0 … 2⁸−1."""

    __slots__ = ()


class u16(FixedWidth, bits=16, signed=False):
    """0 … 2¹⁶−1."""

    __slots__ = ()


class u32(FixedWidth, bits=32, signed=False):
    """0 … 2³²−1."""

    __slots__ = ()


class u64(FixedWidth, bits=64, signed=False):
    """0 … 2⁶⁴−1."""

    __slots__ = ()


class i8(FixedWidth, bits=8, signed=True):
    """−2⁷ … 2⁷−1."""

    __slots__ = ()


class i16(FixedWidth, bits=16, signed=True):
    """−2¹⁵ … 2¹⁵−1."""

    __slots__ = ()


class i32(FixedWidth, bits=32, signed=True):
    """−2³¹ … 2³¹−1."""

    __slots__ = ()


class i64(FixedWidth, bits=64, signed=True):
    """−2⁶³ … 2⁶³−1."""

    __slots__ = ()


WIDTHS: Final[tuple[type[FixedWidth], ...]] = (u8, u16, u32, u64, i8, i16, i32, i64)


def contains(outer: type[FixedWidth], inner: type[FixedWidth]) -> bool:
    """Whether every value of `inner` is one of `outer`."""
    return outer.minimum <= inner.minimum and inner.maximum <= outer.maximum


def common_width(first: type[FixedWidth], second: type[FixedWidth]) -> type[FixedWidth]:
    """The width of a result of both, refused when neither contains the other."""
    if contains(first, second):
        return first
    if contains(second, first):
        return second
    names = f"{first.__name__} and {second.__name__}"
    raise TypeError(f"no width holds both {names}: convert one, as in {first.__name__}(x)")


def result_width(own: type[FixedWidth], other: type[object]) -> type[FixedWidth] | None:
    """The width of `own ⊕ other`, None when `other` is no integer type."""
    if other is own or other is int:
        return own
    if issubclass(other, FixedWidth):
        return common_width(own, other)
    return own if issubclass(other, int) else None


def checked(width: type[FixedWidth], value: int) -> FixedWidth:
    """The exact result `value` in `width`."""
    if width.minimum <= value <= width.maximum:
        return int.__new__(width, value)
    raise overflow()


def wrapped(width: type[FixedWidth], value: int) -> FixedWidth:
    """The low bits of `value`, read as `width`."""
    value &= (1 << width.bits) - 1
    if value > width.maximum:
        value -= 1 << width.bits
    return int.__new__(width, value)


def _checked_operator(name: str) -> Callable[[Any, Any], Any]:
    exact = getattr(int, name)

    def operator(self: FixedWidth, other: object) -> object:
        width = result_width(type(self), type(other))
        if width is None:
            return NotImplemented
        value = exact(self, other)
        if width.minimum <= value <= width.maximum:
            return int.__new__(width, value)
        raise overflow()

    return operator


def _bitwise_operator(name: str) -> Callable[[Any, Any], Any]:
    exact = getattr(int, name)

    def operator(self: FixedWidth, other: object) -> object:
        width = result_width(type(self), type(other))
        if width is None:
            return NotImplemented
        assert isinstance(other, int)
        return checked(width, exact(self, _as_mask(width, other)))

    return operator


def _as_mask(width: type[FixedWidth], value: int) -> int:
    """A negative number beside an unsigned width is its two's complement, as in `address & ~0xFFF`.

    Accepted are the complements of the width's own values, so `~(1 << 63)` is a mask for u64 as well.
    """
    if value >= 0 or width.signed:
        return int.__index__(value)
    if int.__invert__(value) > width.maximum:
        raise overflow()
    return int.__index__(value) & width.maximum


def _pair_operator(name: str) -> Callable[[Any, Any], Any]:
    exact = getattr(int, name)

    def operator(self: FixedWidth, other: object) -> object:
        width = result_width(type(self), type(other))
        if width is None:
            return NotImplemented
        quotient, remainder = exact(self, other)
        return checked(width, quotient), checked(width, remainder)

    return operator


def _true_division(name: str) -> Callable[[Any, Any], Any]:
    exact = getattr(int, name)

    def operator(self: FixedWidth, other: object) -> object:
        if result_width(type(self), type(other)) is None:
            return NotImplemented
        return exact(self, other)

    return operator


def _unary_operator(name: str) -> Callable[[Any], Any]:
    exact = getattr(int, name)

    def operator(self: FixedWidth) -> FixedWidth:
        return checked(type(self), exact(self))

    return operator


def _invert(self: FixedWidth) -> FixedWidth:
    width = type(self)
    value = int.__invert__(self)
    return int.__new__(width, value if width.signed else value & width.maximum)


def _power(base: int, exponent: int, width: type[FixedWidth]) -> FixedWidth:
    if exponent < 0:
        raise ValueError("negative exponent")
    if exponent > width.bits and base not in (-1, 0, 1):
        raise overflow()
    return checked(width, base**exponent)


def _pow(self: FixedWidth, exponent: object, modulus: int | None = None) -> object:
    width = result_width(type(self), type(exponent))
    if width is None:
        return NotImplemented
    assert isinstance(exponent, int)
    if modulus is not None:
        return checked(width, pow(int.__index__(self), int.__index__(exponent), int.__index__(modulus)))
    return _power(int.__index__(self), int.__index__(exponent), width)


def _reflected_pow(self: FixedWidth, base: object, modulus: int | None = None) -> object:
    width = result_width(type(self), type(base))
    if width is None:
        return NotImplemented
    assert isinstance(base, int)
    if modulus is not None:
        return checked(width, pow(int.__index__(base), int.__index__(self), int.__index__(modulus)))
    return _power(int.__index__(base), int.__index__(self), width)


def _shifted_left(value: int, count: int, bits: int) -> int:
    """The exact `value << count`, without building a number of millions of bits on the way to a refusal."""
    if count < 0:
        raise ValueError("negative shift count")
    return value << min(count, bits + 1)


def _shift_left(self: FixedWidth, count: object) -> object:
    if not isinstance(count, int):
        return NotImplemented
    width = type(self)
    return checked(width, _shifted_left(int.__index__(self), int.__index__(count), width.bits))


def _reflected_shift_left(self: FixedWidth, value: object) -> object:
    if not isinstance(value, int):
        return NotImplemented
    result = _shifted_left(int.__index__(value), int.__index__(self), INT_BITS)
    if not INT_MINIMUM <= result <= INT_MAXIMUM:
        raise overflow()
    return result


def _shift_right(self: FixedWidth, count: object) -> object:
    if not isinstance(count, int):
        return NotImplemented
    return int.__new__(type(self), int.__rshift__(self, int.__index__(count)))


def _reflected_shift_right(self: FixedWidth, value: object) -> object:
    if not isinstance(value, int):
        return NotImplemented
    return int.__index__(value) >> int.__index__(self)


_OPERATORS: Final[dict[str, Callable[..., Any]]] = {
    **{name: _checked_operator(name) for name in ("__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__")},
    **{name: _checked_operator(name) for name in ("__floordiv__", "__rfloordiv__", "__mod__", "__rmod__")},
    **{name: _bitwise_operator(name) for name in ("__and__", "__rand__", "__or__", "__ror__", "__xor__", "__rxor__")},
    **{name: _pair_operator(name) for name in ("__divmod__", "__rdivmod__")},
    **{name: _true_division(name) for name in ("__truediv__", "__rtruediv__")},
    **{name: _unary_operator(name) for name in ("__neg__", "__pos__", "__abs__")},
    "__invert__": _invert,
    "__pow__": _pow,
    "__rpow__": _reflected_pow,
    "__lshift__": _shift_left,
    "__rlshift__": _reflected_shift_left,
    "__rshift__": _shift_right,
    "__rrshift__": _reflected_shift_right,
}

for _name, _operator in _OPERATORS.items():
    setattr(FixedWidth, _name, _operator)
