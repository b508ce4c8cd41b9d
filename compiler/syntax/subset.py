"""What the language refuses for ever: construct, code, reason, and what to write instead.

Only constructs that can never be compiled ahead of time stand here. What is merely not built yet is the checker's to
refuse. Constructs recognisable from their form are reported while the tree is made; the builtins below are reported
by `resolve.bind`, which knows whether a name still means the builtin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from compiler.diagnostics.diagnostic import Note
from compiler.diagnostics.sink import DiagnosticSink
from compiler.diagnostics.span import Span


@dataclass(frozen=True, slots=True)
class Refusal:
    """A construct that is refused: what it is called, why, and the way out."""

    code: str
    construct: str
    reason: str
    instead: str


ASYNC_FUNCTION = Refusal(
    "E0110",
    "`async def`",
    "coroutines need an event loop under the program, and there is nothing under it",
    "write an ordinary function, or a generator that yields where it would have waited",
)
ASYNC_FOR = Refusal("E0110", "`async for`", ASYNC_FUNCTION.reason, "write an ordinary `for` over a generator")
ASYNC_WITH = Refusal("E0110", "`async with`", ASYNC_FUNCTION.reason, "write an ordinary `with`")
AWAIT = Refusal("E0110", "`await`", ASYNC_FUNCTION.reason, "call the function directly")
ASYNC_COMPREHENSION = Refusal("E0110", "an asynchronous comprehension", ASYNC_FUNCTION.reason, "drop `async`")
STAR_IMPORT = Refusal(
    "E0111",
    "`from module import *`",
    "the names it binds are known only after the other module ran",
    "name what you import, as in `from module import first, second`",
)
METACLASS = Refusal(
    "E0112",
    "the `metaclass` keyword",
    "a metaclass builds the class while the program runs; here a class is a layout fixed at compile time",
    "use a base class, a class decorator such as `@dataclass`, or derive from `ABC` instead of `metaclass=ABCMeta`",
)
DELETE_ATTRIBUTE = Refusal(
    "E0113",
    "`del` of an attribute",
    "the fields of an object are its memory layout and cannot go away",
    "give the field an Optional type and assign None",
)
NEWER_SYNTAX = Refusal(
    "E0118",
    "this syntax",
    "it is newer than this version of pyc",
    "write it in the syntax of Python 3.11",
)

_CODE_AT_RUN_TIME = "it compiles source text while the program runs, and there is no compiler in the program"
_NAMESPACE = "variables are machine registers and fixed addresses; there is no dictionary of them"
_COMPUTED_ATTRIBUTE = "the fields of an object are fixed at compile time and cannot be looked up by a computed name"
_HOOK = "attribute access is compiled to an offset or a direct call and asks nobody"
_USE_DICT = "keep the values in a `dict[str, …]`"

REFUSED_BUILTINS: Mapping[str, Refusal] = MappingProxyType(
    {
        "eval": Refusal("E0114", "`eval`", _CODE_AT_RUN_TIME, "call a function, or parse the text yourself"),
        "exec": Refusal("E0114", "`exec`", _CODE_AT_RUN_TIME, "call a function"),
        "compile": Refusal("E0114", "`compile`", _CODE_AT_RUN_TIME, "call a function"),
        "__import__": Refusal(
            "E0114", "`__import__`", "all modules are linked before the program starts", "write an `import` statement"
        ),
        "globals": Refusal("E0115", "`globals`", _NAMESPACE, _USE_DICT),
        "locals": Refusal("E0115", "`locals`", _NAMESPACE, _USE_DICT),
        "vars": Refusal("E0115", "`vars`", _NAMESPACE, "name the fields, or use `dataclasses.fields`"),
    }
)

# Called with a constant name these are ordinary attribute access; anything else is refused.
COMPUTED_ATTRIBUTE_BUILTINS: Mapping[str, Refusal] = MappingProxyType(
    {
        "getattr": Refusal("E0116", "`getattr` with a computed name", _COMPUTED_ATTRIBUTE, _USE_DICT),
        "hasattr": Refusal("E0116", "`hasattr` with a computed name", _COMPUTED_ATTRIBUTE, _USE_DICT),
        "setattr": Refusal("E0116", "`setattr` with a computed name", _COMPUTED_ATTRIBUTE, _USE_DICT),
        "delattr": Refusal("E0116", "`delattr`", DELETE_ATTRIBUTE.reason, DELETE_ATTRIBUTE.instead),
    }
)

REFUSED_METHODS: Mapping[str, Refusal] = MappingProxyType(
    {
        name: Refusal("E0117", f"the `{name}` hook", _HOOK, "write a `@property` for each name, or an explicit method")
        for name in ("__getattr__", "__getattribute__", "__setattr__", "__delattr__")
    }
)


def refuse(sink: DiagnosticSink, refusal: Refusal, span: Span) -> None:
    """Report that the construct at `span` is refused."""
    message = f"{refusal.construct} is not part of the language"
    sink.error(refusal.code, span, message, notes=(Note(refusal.reason),), suggestion=refusal.instead)
