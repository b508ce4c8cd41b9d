"""Random statements and functions, nested a few levels deep.

Contract: every loop ends (loops over a sequence stop when the fuel is spent, `while` loops count in a variable of their
own first thing), every name is assigned before it is used, lists and texts stay short, and no cycle of references is
made. Inside a block new names may appear; they are forgotten at its end.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.fuzz.expressions import VALUE_TYPES, Expressions, Function, Scope, Variable

EXCEPTIONS = (
    "ValueError",
    "IndexError",
    "ZeroDivisionError",
    "Trouble",
    "CodedTrouble",
    "Exception",
    "LookupError",
    "ArithmeticError",
)
QUOTED = '"b"'
DEFAULTS = {
    "int": ("3", "-1"),
    "str": ('"d"', '""'),
    "bool": ("True", "False"),
    "int | None": ("None", "4"),
    "float": ("1.5",),
}
SHORT = {"str": "[:30]", "list[int]": "[:15]", "list[str]": "[:10]", "list[list[int]]": "[:6]", "bytes": "[:20]"}


class Statements(Expressions):
    """Writes the bodies of functions as indented lines."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self.lines: list[str] = []
        self.indent = 0
        self.loops: list[str] = []
        self.result = "int"
        self.budget = 0

    def emit(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    # --- functions

    def function(self, name: str, functions: list[Function]) -> tuple[Function, list[str]]:
        """One function with its source lines."""
        self.lines, self.loops, self.indent, self.budget = [], [], 0, self.random.choice((4, 8, 12, 16, 20, 40))
        types = [self.random.choice(VALUE_TYPES) for _ in range(self.random.randint(0, 3))]
        defaults = 0
        while defaults < len(types) and types[-1 - defaults] in DEFAULTS and self.chance(60):
            defaults += 1
        self.result = self.random.choice(VALUE_TYPES)
        parameters = tuple((f"p{index}", type_) for index, type_ in enumerate(types))
        made = Function(name, parameters, defaults, self.result)
        self.scope = Scope([Variable(n, t) for n, t in parameters], functions[-8:])
        shown = [
            f"{n}: {t}" + (f" = {self.one(*DEFAULTS[t])}" if index >= len(types) - defaults else "")
            for index, (n, t) in enumerate(parameters)
        ]
        self.emit(f"def {name}({', '.join(shown)}) -> {self.result}:")
        self.indent = 1
        if self.chance(30):
            self.scope.functions = [*self.scope.functions, made]  # recursion: the fuel ends it
        self.body()
        return made, self.lines

    def body(self) -> None:
        self.emit("global g_int, g_text, g_node")
        self.emit("if spent():")
        scope, self.scope = self.scope, Scope(self.scope.variables)
        self.emit(f"    return {self.expression(self.result, 0)}")
        self.scope = scope
        for _ in range(self.random.randint(1, 4)):
            self.declare()
        while self.budget > 0:
            self.statement(4 if self.chance(30) else 3)
        self.emit(f"return {self.expression(self.result, 2)}")

    def value(self, type_: str, depth: int = 2) -> str:
        """An expression whose value may be kept."""
        text = self.expression(type_, depth)
        return f"({text}){SHORT[type_]}" if type_ in SHORT and self.loops else text

    def declare(self) -> None:
        type_ = self.random.choice(VALUE_TYPES)
        name = self.fresh("v")
        self.emit(f"{name}: {type_} = {self.value(type_)}")
        self.scope.variables.append(Variable(name, type_))

    # --- blocks

    def block(self, depth: int, *, first: str = "", extra: list[Variable] | None = None) -> bool:
        """An indented block; True if control may reach its end."""
        kept = list(self.scope.variables)
        self.scope.variables.extend(extra or [])
        self.indent += 1
        if first:
            self.emit(first)
        reaches = True
        for _ in range(self.random.randint(1, 3)):
            reaches = self.statement(depth - 1)
            if not reaches:
                break
        self.indent -= 1
        self.scope.variables = kept
        return reaches

    def statement(self, depth: int) -> bool:
        """One statement; False if control never goes on behind it."""
        self.budget -= 1
        if depth > 0 and self.budget > 0 and self.chance(45):
            compound: list[Callable[[int], bool]] = [
                self.if_, self.if_, self.if_, self.for_, self.for_, self.while_, self.try_, self.try_, self.try_,
                self.with_,
                self.match_, self.narrowing,
            ]  # fmt: skip
            return self.random.choice(compound)(depth)
        if depth < 3 and self.chance(18):
            return self.jump()
        simple: list[Callable[[], None]] = [
            self.declare, self.declare, self.assign, self.assign, self.augment, self.augment, self.item, self.field_,
            self.call_statement,
            self.swap, self.chained, self.global_, self.assertion, self.unpack, self.list_method, self.list_method,
            self.effect,
        ]  # fmt: skip
        self.random.choice(simple)()
        return True

    def jump(self) -> bool:
        """Leaves the block, at times on a condition only."""
        kinds = ["return", "raise"] + (["break", "continue"] * 3 if self.loops else [])
        kind = self.random.choice(kinds)
        conditional = self.chance(60)
        if conditional:
            self.emit(f"if {self.expression('bool', 2)}:")
            self.indent += 1
        match kind:
            case "return":
                self.emit(f"return {self.expression(self.result, 2)}")
            case "raise":
                self.raise_()
            case _:
                self.emit(kind)
        self.indent -= conditional
        return conditional

    def raise_(self) -> None:
        text = self.one(
            f'ValueError("v" + {self.expression("str", 1)})',
            f"Trouble({self.expression('str', 1)})",
            f'CodedTrouble("c", {self.expression("int", 1)})',
            'KeyError("key")',
            "IndexError()",
            f"ValueError({self.expression('int', 1)})",
        )
        self.emit(f"raise {text}" + self.one("", "", "", " from None"))

    # --- compound statements

    def condition(self) -> str:
        kind = self.one("bool", "bool", "bool", "bool", "int", "str", "list[int]", "walrus")
        names = self.of_type("int", writable=True)
        if kind == "walrus" and names:
            return f"({self.random.choice(names).name} := {self.stored_int(2)}) > {self.int_leaf()[0]}"
        return self.expression("bool" if kind == "walrus" else kind, 2)

    def if_(self, depth: int) -> bool:
        self.emit(f"if {self.condition()}:")
        reaches = self.block(depth)
        if self.chance(30):
            self.emit(f"elif {self.condition()}:")
            reaches = self.block(depth) or reaches
        if self.chance(50):
            self.emit("else:")
            return self.block(depth) or reaches
        return True

    def for_(self, depth: int) -> bool:
        one, two = self.fresh("i"), self.fresh("j")
        e = self.expression
        head, variables = self.random.choice((
            (f"{one} in range({self.range_arguments()})", [Variable(one, "int")]),
            (f"{one} in range({self.stored_int(1)} % 5)", [Variable(one, "int")]),
            (f"{one} in {e('list[int]', 2)}", [Variable(one, "int")]),
            (f"{one} in {e('str', 2)}", [Variable(one, "str")]),
            (f"{one} in {e('list[str]', 1)}", [Variable(one, "str")]),
            (f"{one} in {e('list[Node]', 1)}", [Variable(one, "Node")]),
            (f"{one} in {e('bytes', 1)}", [Variable(one, "int")]),
            (f"{one}, {two} in enumerate({e('list[int]', 1)})", [Variable(one, "int"), Variable(two, "int")]),
            (f"{one}, {two} in enumerate({e('str', 1)}, 1)", [Variable(one, "int"), Variable(two, "str")]),
            (f"{one}, {two} in zip({e('str', 1)}, {e('list[int]', 1)})", [Variable(one, "str"), Variable(two, "int")]),
            (f"{one} in reversed({e('list[int]', 1)})", [Variable(one, "int")]),
            (f"{one}, {two} in {e('list[tuple[int, str]]', 1)}", [Variable(one, "int"), Variable(two, "str")]),
            (f"{one} in {e('list[list[int]]', 1)}", [Variable(one, "list[int]")]),
            (f"{one} in {e('list[int | None]', 1)}", [Variable(one, "int | None")]),
        ))  # fmt: skip
        self.emit(f"for {head}:")
        self.loops.append("for")
        self.block(depth, first="if spent(): break", extra=variables)
        self.loops.pop()
        self.loop_else(depth)
        return True

    def while_(self, depth: int) -> bool:
        name = self.fresh("w")
        self.emit(f"{name} = 0")
        self.scope.variables.append(Variable(name, "int", writable=False))
        self.emit(
            f"while {name} < {self.random.randint(1, 4)}" + self.one("", f" and {self.expression('bool', 2)}") + ":"
        )
        self.loops.append("while")
        self.block(depth, first=f"{name} += 1")
        self.loops.pop()
        self.loop_else(depth)
        return True

    def loop_else(self, depth: int) -> None:
        if self.chance(30):
            self.emit("else:")
            self.block(depth)

    def try_(self, depth: int) -> bool:
        self.emit("try:")
        reaches = self.block(depth, first="" if self.chance(75) else f"fail({self.int_leaf()[0]})")
        handlers = self.random.randint(0, 2)
        after = False
        for _ in range(handlers):
            after = self.handler(depth) or after
        has_else = handlers > 0 and reaches and self.chance(30)
        if has_else:
            self.emit("else:")
            reaches = self.block(depth)
        if handlers == 0 or self.chance(40):
            self.emit("finally:")
            if not self.block(depth):
                return False
        return reaches or after

    def handler(self, depth: int) -> bool:
        error = self.fresh("e")
        caught = self.one(*EXCEPTIONS, "(ValueError, IndexError)")
        self.emit(f"except {caught} as {error}:" if self.chance(70) else f"except {caught}:")
        named = self.lines[-1].endswith(f"{error}:")
        first = self.one(f"say(str({error}))", f"say(repr({error}))") if named else "say('caught')"
        if named and caught == "CodedTrouble":
            first = f"say(str({error}.code))"
        reaches = self.block(depth, first=first)
        if reaches and self.chance(15):
            self.emit("    raise" + (f' Trouble("again") from {error}' if named and self.chance(50) else ""))
            return False
        return reaches

    def with_(self, depth: int) -> bool:
        name = self.fresh("g")
        second = f", Guard({self.one('g_text', QUOTED)}) as {name}b" if self.chance(30) else ""
        self.emit(f'with Guard("{name}", {self.expression("bool", 1)}) as {name}{second}:')
        self.block(depth)
        return True

    def match_(self, depth: int) -> bool:
        type_, patterns = self.random.choice((
            ("int", ("0", "1 | 2", "-1", "100")),
            ("str", ('""', '"a" | "ab"', '"é"', '"😀"')),
            ("Color", ("Color.RED", "Color.GREEN | Color.BLUE")),
            ("Level", ("Level.LOW", "Level.HIGH")),
            ("bool", ("True", "False")),
        ))  # fmt: skip
        self.emit(f"match {self.expression(type_, 2)}:")
        self.indent += 1
        for pattern in patterns[: self.random.randint(1, 4)]:
            self.emit(f"case {pattern}" + (f" if {self.expression('bool', 1)}:" if self.chance(20) else ":"))
            self.block(depth)
        if self.chance(60):
            self.emit("case _:")
            self.block(depth)
        self.indent -= 1
        return True

    def narrowing(self, depth: int) -> bool:
        """`x is None` with the value used where it cannot be None."""
        type_ = self.one("int", "str", "Node")
        name = self.fresh("n")
        maker = {"int": "maybe", "str": "maybe_text", "Node": "maybe_node"}[type_]
        argument = self.expression("str" if type_ == "str" else "int", 1)
        source = f"{maker}({argument})"
        if type_ == "Node" and self.chance(50):
            source = f"{self.postfix('Node', 1)}.next"
        self.emit(f"{name} = {source}")
        self.emit(f"if {name} is not None" + (f" and {self.expression('bool', 1)}" if self.chance(30) else "") + ":")
        self.block(depth, extra=[Variable(name, type_, writable=False)])
        if self.chance(40):
            self.emit("else:")
            self.block(depth)
        return True

    # --- simple statements

    def assign(self) -> None:
        found = [v for v in self.scope.variables if v.writable]
        if not found:
            return self.declare()
        variable = self.random.choice(found)
        return self.emit(f"{variable.name} = {self.value(variable.type)}")

    def augment(self) -> None:
        type_ = self.one("int", "int", "str", "list[int]", "float")
        found = self.of_type(type_, writable=True)
        if not found:
            return self.assign()
        name = self.random.choice(found).name
        if type_ == "int":
            operator = self.one("+=", "-=", "*=", "//=", "%=", "&=", "|=", "^=", ">>=")
            self.emit(
                f"{name} {operator} {self.stored_int(2)}"
                if operator != ">>="
                else f"{name} >>= {self.stored_int(1)} % 8"
            )
            self.emit(f"{name} %= 1009")
        elif type_ == "float":
            self.emit(f"{name} {self.one('+=', '-=', '*=', '/=')} {self.expression('float', 1)}")
        else:
            self.emit(f"{name} += ({self.expression(type_, 2)})[:5]")
            self.emit(f"{name} = {name}{SHORT[type_]}")
        return None

    def item(self) -> None:
        type_ = self.one("list[int]", "list[int]", "list[str]", "list[list[int]]")
        name = self.variable(type_)
        if name is None:
            return self.assign()
        inner = type_[5:-1]
        if inner == "int" and self.chance(40):
            return self.emit(f"{name}[{self.index(1)}] {self.one('+=', '-=', '^=', '%=')} {self.stored_int(1)} % 1000")
        return self.emit(f"{name}[{self.index(1)}] = {self.value(inner)}")

    def field_(self) -> None:
        name = self.variable("Node")
        if name is None:
            return self.emit(f"State.used = {self.stored_int(1)}")
        return self.emit(self.one(
            f"{name}.value = {self.stored_int(2)}",
            f"{name}.next = {self.one('None', f'Node({self.stored_int(1)})')}",
            f"{name}.label = {self.value('str')}[:30]",
            f"{name}.label += {self.expression('str', 1)}[:3]",
            f"{name}.items = {self.expression('list[int]', 2)}[:9]",
            f"{name}.value ^= {self.stored_int(1)} % 1024",
        ))  # fmt: skip

    def call_statement(self) -> None:
        if self.scope.functions:
            return self.guarded(self.call(self.random.choice(self.scope.functions), 1))
        return self.emit(f"note({self.counter_value()}, {self.stored_int(2)})")

    def guarded(self, text: str) -> None:
        """A call whose failure does not end the caller, most of the time."""
        if self.chance(20):
            return self.emit(text)
        error = self.fresh("e")
        self.emit("try:")
        self.emit(f"    {text}")
        self.emit(f"except {self.one('Exception', 'Exception', *EXCEPTIONS)} as {error}:")
        return self.emit(f"    say(repr({error})[:60])")

    def swap(self) -> None:
        type_ = self.one("int", "str", "list[int]", "Node")
        found = self.of_type(type_, writable=True)
        if len(found) < 2:
            return self.assign()
        a, b = self.random.sample(found, 2)
        return self.emit(f"{a.name}, {b.name} = {self.one(f'{b.name}, {a.name}', f'{self.value(type_, 1)}, {a.name}')}")

    def chained(self) -> None:
        found = self.of_type("int", writable=True)
        lists = self.of_type("list[int]")
        if len(found) < 2:
            return self.assign()
        a, b = self.random.sample(found, 2)
        target = f"{self.random.choice(lists).name}[{self.index(1)}]" if lists and self.chance(50) else b.name
        return self.emit(f"{a.name} = {target} = {self.stored_int(2)}")

    def global_(self) -> None:
        self.emit(self.one(
            f"g_int = {self.stored_int(2)}",
            f"g_text = {self.value('str')}[:30]",
            f"g_node = {self.expression('Node | None', 1)}",
            f"g_list.append({self.stored_int(1)})",
            f"State.used += {self.stored_int(1)} % 100",
            "g_list.clear()",
        ))  # fmt: skip

    def assertion(self) -> None:
        also = self.one("True", "True", "True", "g_int > 0", self.expression("bool", 1))
        self.emit(f"assert {self.expression('bool', 1)} or {also}" + self.one("", f", {self.expression('str', 1)}"))

    def unpack(self) -> None:
        a, b = self.fresh("v"), self.fresh("v")
        self.emit(f"{a}, {b} = {self.expression('tuple[int, str]', 2)}")
        self.scope.variables += [Variable(a, "int"), Variable(b, "str")]

    def list_method(self) -> None:
        name = self.variable("list[int]")
        if name is None:
            return self.assign()
        value = self.stored_int(1)
        return self.emit(self.one(
            f"if len({name}) < 15: {name}.append({value})",
            f"if {name}: {name}.pop()",
            f"{name}.pop({self.index(1)})",
            f"if len({name}) < 15: {name}.insert({self.index(1)}, {value})",
            f"{name}.extend({self.expression('list[int]', 1)}[:2])",
            f"{name}.remove({value})",
            f"{name}.reverse()",
            f"{name}.sort()",
            f"{name}.clear()",
        ))  # fmt: skip

    def effect(self) -> None:
        type_ = self.random.choice(VALUE_TYPES)
        self.emit(
            f"say(str({self.expression(type_, 2)})[:60])"
            if type_ not in ("Shape", "list[Node]", "list[Shape]")
            else "say('-')"
        )
