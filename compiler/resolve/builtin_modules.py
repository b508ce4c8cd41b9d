"""The modules the compiler knows without a source file, and the names one may import from each.

They speak to type checkers, or describe classes the compiler builds itself, so there is nothing in them to compile.
Importing a name that is not listed is refused like any other missing name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BUILTIN_MODULES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "__future__": _names(
            """annotations nested_scopes generators division absolute_import with_statement print_function
            unicode_literals generator_stop"""
        ),
        "abc": _names("ABC abstractmethod"),
        "collections.abc": _names(
            """Buffer ByteString Callable Collection Container Generator Hashable ItemsView Iterable Iterator KeysView
            Mapping MappingView MutableMapping MutableSequence MutableSet Reversible Sequence Set Sized ValuesView"""
        ),
        "dataclasses": _names("FrozenInstanceError KW_ONLY InitVar dataclass field fields replace asdict astuple"),
        "enum": _names(
            "Enum Flag IntEnum IntFlag StrEnum auto unique member nonmember verify CONFORM EJECT KEEP STRICT"
        ),
        "types": _names(
            "EllipsisType FunctionType MappingProxyType ModuleType NoneType NotImplementedType TracebackType"
        ),
        "typing": _names(
            """Annotated Any AnyStr Callable ClassVar Concatenate Final Generic Literal LiteralString NamedTuple Never
            NewType NoReturn NotRequired Optional ParamSpec Protocol Required Self SupportsAbs SupportsBytes
            SupportsFloat SupportsIndex SupportsInt SupportsRound TYPE_CHECKING TypeAlias TypeGuard TypeVar TypeVarTuple
            TypedDict Union Unpack assert_never assert_type cast dataclass_transform final no_type_check overload
            reveal_type runtime_checkable Type Tuple List Dict Set FrozenSet Iterable Iterator Generator Sequence
            MutableSequence Mapping MutableMapping Collection Container Hashable Sized Reversible Pattern Match Text IO
            TextIO BinaryIO Deque DefaultDict OrderedDict Counter ChainMap ContextManager"""
        ),
    }
)

# Modules CPython finds before it looks beside the program (built in or frozen), so a file cannot hide them.
UNSHADOWABLE_MODULES: frozenset[str] = _names(
    """
    _abc _codecs _collections_abc _functools _io _operator _signal _sre _stat _string _symtable _thread _warnings
    _weakref abc atexit builtins codecs errno faulthandler gc genericpath io itertools marshal ntpath os os.path posix
    posixpath pwd runpy site stat sys time zipimport
    """
)
