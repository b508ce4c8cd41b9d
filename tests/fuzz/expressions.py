"""Random typed expressions.

The idea: every int expression carries a bound on its magnitude, and an operator is only taken where the result's bound
stays far below 2**63; variables, items and fields hold values below `STORED`. So a compiled program that raises
OverflowError differs from CPython, and that is a finding. Other exceptions (index, division, conversion) are welcome.

Contract: `Expressions.expression(type)` gives the text of an expression of exactly that type, using the variables of
the current scope only. The same random state gives the same text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

STORED = 1_000_000
"""Bound of what variables, items, fields and results hold."""
LIMIT = 1 << 60
MODULUS = 99_991

TEXT_PIECES = (
    "",
    "text",
    "a",
    "ab",
    "Hello",
    " x ",
    "zz\\n",
    "é",
    "ß",
    "naïve",
    "日本",
    "Ω",
    "😀",
    "a😀b",
    "1",
    "42",
    " 7 ",
    "-3",
    "A,b,c",
)
BYTE_PIECES = ('b""', 'b"abc"', 'b"\\x00\\xff"', 'b"hello world"')
FILLS = ('"*"', '" "', '"é"')
CODECS = (*['"latin-1"'] * 6, '"utf-8"', '"ascii"')
ALIGNERS = ("ljust", "rjust", "center")
NUMERALS = ('"12"', '"-7"', '" 3 "')
SHOWN_BY_STR = ("int", "bool", "float", "list[int]", "Node", "Color", "Point", "tuple[int, str]", "int | None")
SHOWN_BY_REPR = (
    "int", "str", "list[str]", "bytes", "Pair", "Color", "list[list[int]]", "float", "str | None", "Point",
)  # fmt: skip
COMMA = '","'
FLOATS = ("0.5", "1.0", "-2.25", "3.0", "1e10", "0.1", "-0.0", "1e-7", "123456.789", "2.5")

FORMATS = (
    (
        "int",
        ("", ":d", ":5", ":<6", ":^7", ":+", ":05d", ":x", ":#x", ":#b", ":08o", ":,", ":_", ":*>8", "!r", ":>+9,"),
    ),
    ("int", (":e", ":.2f", ":X", ":#o", ":=+8", ":x>4", ":_b", ":_x", ":%", ":g", ":n", "!s:>5", ":<", ": d", ":-")),
    ("str", ("", ":6", ":<6", ":>8", ":^9", ":.2", ":*^8.3", "!r", "!s:>7", "!r:>9", ":é<5", ":05")),
    (
        "float",
        ("", ":.2f", ":8.3f", ":e", ":.3e", ":g", ":.3g", ":+.1f", ":010.2f", ":%", ":,.2f", "!r", ":.0f", ":#g", ":G"),
    ),
    ("bool", ("", ":5", ":d", "!r", ":>7", ":x")),
    ("list[int]", ("", "!r", "!s:>12")),
    ("Color", ("", "!r", "!s")),
)
"""Types and the format specifications that fit them."""

VALUE_TYPES = (
    "int", "int", "int", "bool", "str", "str", "list[int]", "list[int]", "list[str]", "float", "bytes", "Node",
    "list[list[int]]", "tuple[int, str]", "int | None", "str | None", "Node | None", "Color", "Level", "Shape",
    "list[Node]",
    "Point", "Pair", "list[Shape]", "list[tuple[int, str]]", "list[int | None]", "list[bool]", "tuple[int, list[int]]",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Variable:
    """A name in scope; `writable` unless something depends on its value staying."""

    name: str
    type: str
    writable: bool = True


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the program that later ones may call."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    defaults: int
    result: str


@dataclass(slots=True)
class Scope:
    """What a function body may name."""

    variables: list[Variable] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    in_comprehension: bool = False


class Expressions:
    """Makes expressions of a given type, `depth` operators deep."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.scope = Scope()
        self.counter = 0
        self.makers: dict[str, Callable[[int], str]] = {
            "int": self.stored_int,
            "bool": self.boolean,
            "str": self.text,
            "bytes": self.data,
            "float": self.float_,
            "list[int]": self.int_list,
            "list[str]": self.text_list,
            "list[list[int]]": self.nested_list,
            "tuple[int, str]": self.pair,
            "tuple[int, list[int]]": lambda d: f"({self.stored_int(d)}, {self.int_list(d)})",
            "int | None": self.optional_int,
            "str | None": self.optional_text,
            "Node | None": self.optional_node,
            "Node": self.node,
            "Color": self.color,
            "Level": lambda d: self.one("Level.LOW", "Level.HIGH", f"Level({self.one('1', '5', '10', '3')})"),
            "Shape": self.shape,
            "Point": self.point,
            "Pair": lambda d: f"Pair({self.stored_int(d)}, {self.text(d)})",
            "list[Node]": lambda d: self.listed("Node", d),
            "list[Shape]": lambda d: (
                f"[{', '.join(f'shape_of({self.stored_int(d - 1)})' for _ in range(self.random.randint(1, 3)))}]"
            ),
            "list[bool]": lambda d: self.listed("bool", d),
            "list[tuple[int, str]]": self.pair_list,
            "list[int | None]": lambda d: f"[maybe({self.stored_int(d)}), None, {self.stored_int(d)}]",
        }

    # --- choices

    def one(self, *texts: str) -> str:
        return self.random.choice(texts)

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def fresh(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}{self.counter}"

    def of_type(self, type_: str, writable: bool = False) -> list[Variable]:
        return [v for v in self.scope.variables if v.type == type_ and (v.writable or not writable)]

    def variable(self, type_: str) -> str | None:
        found = self.of_type(type_)
        return self.random.choice(found).name if found else None

    def expression(self, type_: str, depth: int = 2) -> str:
        name = self.variable(type_)
        if name is not None and (depth <= 0 or self.chance(25)):
            return name
        calls = [f for f in self.scope.functions if f.result == type_]
        if calls and depth > 0 and self.chance(8):
            return self.call(self.random.choice(calls), depth - 1)
        return self.makers[type_](depth)

    def call(self, function: Function, depth: int) -> str:
        """Some arguments by position, the rest by name in any order, defaults left out at times."""
        required = len(function.parameters) - function.defaults
        positional = self.random.randint(0, required)
        values = [(name, self.expression(type_, depth)) for name, type_ in function.parameters]
        named = [pair for index, pair in enumerate(values) if index >= positional]
        named = [pair for pair in named if pair in values[:required] or self.chance(50)]
        self.random.shuffle(named)
        return f"{function.name}({', '.join([t for _, t in values[:positional]] + [f'{n}={t}' for n, t in named])})"

    # --- int

    def stored_int(self, depth: int) -> str:
        text, bound = self.bounded(depth)
        return text if bound <= STORED else f"({text}) % {MODULUS}"

    def bounded(self, depth: int) -> tuple[str, int]:
        """An int expression and a bound on its magnitude, below LIMIT."""
        if depth <= 0 or self.chance(15):
            return self.int_leaf()
        if self.chance(55):
            return self.arithmetic(depth)
        return self.int_from_others(depth), STORED

    def int_leaf(self) -> tuple[str, int]:
        name = self.variable("int")
        if name is not None and self.chance(65):
            return name, STORED
        if self.chance(10):
            return "g_int", STORED
        value = self.random.choice((0, 1, 2, 3, 7, -1, -5, 10, 63, 100, 255, 1000, -128, 65536))
        return (str(value) if value >= 0 else f"({value})"), abs(value)

    def arithmetic(self, depth: int) -> tuple[str, int]:
        (a, x), (b, y) = self.bounded(depth - 1), self.bounded(depth - 1)
        operator = self.one(
            "+", "-", "*", "//", "%", "&", "|", "^", "<<", ">>", "neg", "inv", "**", "abs", "min", "sum3"
        )
        match operator:
            case "+" | "-" if x + y < LIMIT:
                return f"({a} {operator} {b})", x + y
            case "*" if x * y < LIMIT:
                return f"({a} * {b})", x * y
            case "//":
                return f"({a} // {self.divisor(b)})", x
            case "%":
                return f"({a} % {self.divisor(b)})", y + 1
            case "&" | "|" | "^":
                return f"({a} {operator} {b})", 2 * max(x, y) + 1
            case "<<":
                return f"({a} % 64 << {self.shift(b)})", 64 * 128
            case ">>":
                return f"({a} >> {self.shift(b)})", x
            case "neg":
                return f"(-{a})", x
            case "inv":
                return f"(~{a})", x + 1
            case "**":
                return f"(({a}) % 7) ** (({b}) % 5)", 7**5
            case "abs":
                return f"abs({a})", x
            case "min":
                return f"{self.one('min', 'max')}({a}, {b})", max(x, y)
            case _:
                return f"{a} % 5 + {b} % 3", x + y if x + y < LIMIT else 8

    def divisor(self, text: str) -> str:
        return text if self.chance(10) else f"({text} | 1)"

    def shift(self, text: str) -> str:
        return f"{text} % 9 - 1" if self.chance(5) else f"{text} % 9"

    def int_from_others(self, depth: int) -> str:
        d = depth - 1
        e = self.expression
        choices: list[Callable[[], str]] = [
            lambda: f"len({e(self.one('str', 'list[int]', 'list[list[int]]', 'bytes'), d)})",
            lambda: f"note({self.counter_value()}, {self.stored_int(d)})",
            lambda: f"note({self.counter_value()}, {self.stored_int(d)})",
            lambda: f"({self.stored_int(d)} if {e('bool', d)} else {self.stored_int(d)})",
            lambda: f"{self.postfix('list[int]', d)}[{self.index(d)}]",
            lambda: f"{self.postfix('list[list[int]]', d)}[{self.index(d)}][{self.index(d)}]",
            lambda: f"{self.postfix('bytes', d)}[{self.index(d)}]",
            lambda: f"ord({self.postfix('str', d)}[{self.index(d)}])",
            lambda: f"small(sum({e('list[int]', d)}))",
            lambda: f"{self.one('min', 'max')}({e('list[int]', d)})",
            lambda: f"int({e('bool', d)})",
            lambda: f"{self.postfix('Node', d)}.{self.one('value', 'total(3) % 1009', 'double % 907', 'items[0]')}",
            lambda: f"{self.postfix('Shape', d)}.{self.one('size', 'weight', 'area() % 10007', 'area(factor=2)')}",
            lambda: f"{self.postfix('Point', d)}.{self.one('x', 'y')}",
            lambda: f"{self.postfix('Pair', d)}.left",
            lambda: f"{self.postfix('tuple[int, str]', d)}[0]",
            lambda: f"{self.postfix('Color', d)}.value",
            lambda: f"{self.postfix('Level', d)}.value",
            lambda: f"{self.postfix('str', d)}.{self.one('find', 'count', 'rfind')}({e('str', d)})",
            lambda: f"{self.postfix('list[int]', d)}.{self.one('index', *['count'] * 3)}({self.stored_int(d)})",
            lambda: f"(int({e('str', d)}) % {MODULUS})" if self.chance(10) else f"int({self.one(*NUMERALS)})",
            lambda: f"divmod({self.stored_int(d)}, {self.divisor(self.stored_int(d))})[{self.one('0', '1')}]",
            lambda: f"fail({self.stored_int(d)})" if self.chance(10) else f"small({self.stored_int(d)})",
            lambda: f"twice({self.one('increment', 'negate', 'small')}, {self.stored_int(d)})",
            lambda: f"pow({self.stored_int(d)}, {self.stored_int(d)} % 20, 1009)",
            lambda: f"{self.postfix('list[Node]', d)}[{self.index(d)}].value",
            lambda: f"{self.postfix('list[Shape]', d)}[{self.index(d)}].area() % 1009",
            self.int_walrus,
            lambda: f"sum({self.int_comprehension(d)}) % {MODULUS}",
        ]  # fmt: skip
        return self.random.choice(choices)()

    def int_walrus(self) -> str:
        names = self.of_type("int", writable=True)
        if not names or self.scope.in_comprehension:
            return "g_int"
        return f"({self.random.choice(names).name} := {self.stored_int(1)})"

    def counter_value(self) -> int:
        self.counter += 1
        return self.counter

    def index(self, depth: int) -> str:
        if self.chance(85):
            return self.one("0", "0", "0", "-1", "-1", "1")
        return self.one("0", "1", "-1", "2", "-2", self.stored_int(min(depth, 1)))

    def postfix(self, type_: str, depth: int) -> str:
        """An expression to which `.x` or `[i]` may be appended."""
        return f"({self.expression(type_, depth)})"

    # --- bool

    def boolean(self, depth: int) -> str:
        if depth <= 0:
            return self.one("True", "False", f"{self.int_leaf()[0]} > {self.int_leaf()[0]}")
        d = depth - 1
        e = self.expression
        compared = self.one("int", "int", "str", "list[int]", "float", "bytes", "list[str]", "bool")
        equal = self.one(
            "tuple[int, str]", "Color", "Node", "Point", "Pair", "list[list[int]]", "int | None", "str | None"
        )
        choices: list[Callable[[], str]] = [
            lambda: f"({e(compared, d)} {self.one('<', '<=', '>', '>=', '==', '!=')} {e(compared, d)})",
            lambda: (
                f"({e('int', d)} {self.one('<', '<=', '==')} {e('int', d)} {self.one('<', '!=', '>')} {e('int', d)})"
            ),
            lambda: f"({e(equal, d)} {self.one('==', '!=')} {e(equal, d)})",
            lambda: f"({e('bool', d)} {self.one('and', 'or')} {e('bool', d)})",
            lambda: f"(not {e('bool', d)})",
            lambda: f"note_bool({self.counter_value()}, {e('bool', d)})",
            lambda: f"({e('int', d)} {self.one('in', 'not in')} {e('list[int]', d)})",
            lambda: f"({e('str', d)} {self.one('in', 'not in')} {e(self.one('str', 'list[str]'), d)})",
            lambda: f"({e(self.one('Node | None', 'int | None', 'str | None'), d)} is {self.one('None', 'not None')})",
            lambda: f"({e('Color', d)} {self.one('is', 'is not')} Color.{self.one('RED', 'BLUE')})",
            lambda: f"isinstance({e('Shape', d)}, {self.one('Square', 'Box')})",
            lambda: f"bool({e(self.one('int', 'str', 'list[int]', 'float', 'bytes'), d)})",
            lambda: f"{self.postfix('str', d)}.{self.one('isdigit', 'isalpha', 'isspace', 'isalnum')}()",
            lambda: f"{self.postfix('str', d)}.{self.one('startswith', 'endswith')}({e('str', d)})",
            lambda: f"{self.one('any', 'all')}([{e('int', 0)} > q for q in {e('list[int]', d)}])",
        ]
        return self.random.choice(choices)()

    # --- str and bytes

    def text(self, depth: int) -> str:
        if depth <= 0 or self.chance(15):
            return "g_text" if self.chance(20) else f'"{self.random.choice(TEXT_PIECES)}"'
        d = depth - 1
        e = self.expression
        choices: list[Callable[[], str]] = [
            lambda: f"({e('str', d)} + {e('str', d)})[:30]",
            lambda: f"({e('str', d)} * ({e('int', d)} % 4))[:30]",
            lambda: f"{self.postfix('str', d)}[{self.slice(d)}]",
            lambda: f"{self.postfix('str', d)}[{self.index(d)}]",
            lambda: f"str({e(self.one(*SHOWN_BY_STR), d)})[:40]",
            lambda: f"repr({e(self.one(*SHOWN_BY_REPR), d)})[:40]",
            lambda: f"note_text({self.counter_value()}, {e('str', d)})",
            lambda: f"{self.postfix('str', d)}.{self.one('upper', 'lower', 'strip', 'lstrip', 'rstrip')}()[:30]",
            lambda: f"{self.postfix('str', d)}.replace({e('str', d)}, {e('str', d)})[:30]",
            lambda: f"{self.postfix('str', d)}.{self.one(*ALIGNERS)}({self.one('0', '6', '9')}, {self.one(*FILLS)})",
            lambda: f"{self.postfix('str', d)}.zfill({self.one('0', '5', '8')})",
            lambda: f"{self.postfix('str', d)}.join({e('list[str]', d)})[:30]",
            lambda: f"chr({e('int', d)} % {self.one('128', '256', '70000', '55296')})",
            lambda: f"({e('str', d)} if {e('bool', d)} else {e('str', d)})",
            lambda: f"{self.one('hex', 'bin', 'oct')}({e('int', d)})",
            lambda: f"{self.postfix('Node', d)}.label",
            lambda: f"{self.postfix('Shape', d)}.{self.one('name()', 'describe()')}",
            lambda: f"{self.postfix('Pair', d)}.right",
            lambda: f"{self.postfix('tuple[int, str]', d)}[1]",
            lambda: f"{self.postfix('Color', d)}.name",
            lambda: f"{self.postfix('str', d)}.partition({e('str', d)})[{self.one('0', '1', '2')}]",
            lambda: f"{self.postfix('list[str]', d)}[{self.index(d)}]",
            lambda: f"{self.postfix('bytes', d)}.decode({self.one(*CODECS)})",
            lambda: self.formatted(d),
            lambda: self.formatted(d),
        ]  # fmt: skip
        return self.random.choice(choices)()

    def formatted(self, depth: int) -> str:
        """An f-string; its holes hold no quotes of the outer kind and no backslash (3.11's grammar)."""
        parts = []
        for _ in range(self.random.randint(1, 3)):
            type_, specs = self.random.choice(FORMATS)
            name = self.variable(type_) or {"int": "g_int", "str": "g_text"}.get(type_)
            if type_ == "int" and self.chance(50):
                name = self.expression("int", min(depth, 1))
            if name is not None and '"' not in name and "'" not in name and "\\" not in name:
                spec = self.random.choice(specs)
                parts.append("{" + (f"({name})" if ":=" in name or name.startswith("{") else name) + spec + "}")
            else:
                parts.append(self.one("-", "é", "{{}}", " "))
        return 'f"' + self.one("", "a", "日", "😀").join(parts) + '"'

    def slice(self, depth: int) -> str:
        a, b = self.index(depth), self.index(depth)
        return self.one(f"{a}:{b}", f"{a}:", f":{b}", ":", f"{a}:{b}", f"{a}:{b}")

    def data(self, depth: int) -> str:
        if depth <= 0 or self.chance(30):
            return self.random.choice(BYTE_PIECES)
        d = depth - 1
        e = self.expression
        return self.one(
            f"({e('bytes', d)} + {e('bytes', d)})[:20]",
            f"{self.postfix('bytes', d)}[{self.slice(d)}]",
            f"{self.postfix('str', d)}.encode()",
            f"bytes([{e('int', d)} % 256, {e('int', d)} % 256])",
            f"bytes({e('int', d)} % 5)",
        )

    def float_(self, depth: int) -> str:
        if depth <= 0 or self.chance(25):
            return f"({self.random.choice(FLOATS)})"
        d = depth - 1
        e = self.expression
        return self.one(
            f"({e('float', d)} {self.one('+', '-', '*', '/', '//', '%')} {e('float', d)})",
            f"({e('float', d)} {self.one('+', '-', '*', '/')} {e('int', d)})",
            f"({e('int', d)} / {self.divisor(e('int', d))})",
            f"float({e('int', d)})",
            f"abs({e('float', d)})",
            f"(-{e('float', d)})",
            f"{self.one('min', 'max')}({e('float', d)}, {e('float', d)})",
            f"({e('float', d)} if {e('bool', d)} else {e('float', d)})",
        )

    # --- lists and tuples

    def int_list(self, depth: int) -> str:
        if depth <= 0:
            return f"[{', '.join(self.int_leaf()[0] for _ in range(self.random.randint(1, 3)))}]"
        d = depth - 1
        e = self.expression
        choices: list[Callable[[], str]] = [
            lambda: f"[{', '.join(self.stored_int(d) for _ in range(self.random.randint(1, 4)))}]",
            lambda: f"({e('list[int]', d)} + {e('list[int]', d)})[:20]",
            lambda: f"({e('list[int]', d)} * ({e('int', d)} % 3))[:20]",
            lambda: f"{self.postfix('list[int]', d)}[{self.slice(d)}]",
            lambda: f"sorted({e('list[int]', d)})",
            lambda: f"list(range({self.range_arguments()}))",
            lambda: self.int_comprehension(d),
            lambda: f"note_list({self.counter_value()}, {e('list[int]', d)})",
            lambda: f"{self.postfix('Node', d)}.items",
            lambda: f"{self.postfix('list[list[int]]', d)}[{self.index(d)}]",
            lambda: f"list({e(self.one('list[int]', 'bytes'), d)})",
            lambda: f"({e('list[int]', d)} if {e('bool', d)} else {e('list[int]', d)})",
            lambda: "g_list",
        ]
        return self.random.choice(choices)()

    def range_arguments(self) -> str:
        return self.one("3", "5", "1, 6", "-2, 3", "9, 1, -3", "0, 10, 4", f"{self.int_leaf()[0]} % 7", "4, 4")

    def int_comprehension(self, depth: int) -> str:
        name = self.fresh("c")
        source = self.one(f"range({self.range_arguments()})", self.expression("list[int]", depth))
        outer, self.scope.in_comprehension = self.scope.in_comprehension, True
        self.scope.variables.append(Variable(name, "int", writable=False))
        item = self.stored_int(depth)
        condition = f" if {self.boolean(depth)}" if self.chance(40) else ""
        self.scope.variables.pop()
        self.scope.in_comprehension = outer
        return f"[{item} for {name} in {source}{condition}]"

    def text_list(self, depth: int) -> str:
        d = depth - 1
        if depth <= 0 or self.chance(40):
            return f"[{', '.join(self.expression('str', d) for _ in range(self.random.randint(1, 3)))}]"
        e = self.expression
        name = self.fresh("c")
        return self.one(
            f"{self.postfix('str', d)}.split()",
            f"{self.postfix('str', d)}.split({self.one(COMMA, e('str', d))})",
            f"{self.postfix('str', d)}.splitlines()",
            f"list({e('str', d)})",
            f"[{name} + {e('str', 0)} for {name} in {e('str', d)}]",
            f"[str({name}) for {name} in {e('list[int]', d)}]",
            f"sorted({e('list[str]', d)})",
            f"{self.postfix('list[str]', d)}[{self.slice(d)}]",
        )

    def nested_list(self, depth: int) -> str:
        d = depth - 1
        if depth <= 0 or self.chance(50):
            return f"[{', '.join(self.expression('list[int]', d) for _ in range(self.random.randint(1, 3)))}]"
        name = self.fresh("c")
        return self.one(
            f"[[{name}, {name} * 2] for {name} in range({self.range_arguments()})]",
            f"[{self.expression('list[int]', d)} for _ in range(2)]",
            f"{self.postfix('list[list[int]]', d)}[{self.slice(d)}]",
        )

    def pair(self, depth: int) -> str:
        return self.one(
            f"({self.expression('int', depth - 1)}, {self.expression('str', depth - 1)})",
            f"pair_of({self.expression('int', depth - 1)})",
            f"pair_of(text={self.expression('str', depth - 1)}, value={self.expression('int', depth - 1)})",
        )

    def pair_list(self, depth: int) -> str:
        name = self.fresh("c")
        return self.one(
            f"[{self.expression('tuple[int, str]', depth - 1)}, {self.pair(depth - 1)}]",
            f"[({name}, str({name})) for {name} in {self.expression('list[int]', depth - 1)}]",
        )

    def listed(self, type_: str, depth: int) -> str:
        if depth > 0 and self.chance(20):
            return f"{self.postfix(f'list[{type_}]', depth - 1)}[{self.slice(0)}]"
        return f"[{', '.join(self.expression(type_, depth - 1) for _ in range(self.random.randint(1, 3)))}]"

    # --- Optional, enums, objects

    def optional_int(self, depth: int) -> str:
        return self.one(
            "maybe(3)", f"maybe({self.expression('int', depth - 1)})", f"maybe({self.expression('int', depth - 1)})"
        )

    def optional_text(self, depth: int) -> str:
        return self.one('maybe_text("")', f"maybe_text({self.expression('str', depth - 1)})")

    def optional_node(self, depth: int) -> str:
        d = depth - 1
        if depth <= 0:
            return self.one("None", "g_node", f"maybe_node({self.int_leaf()[0]})")
        return self.one(
            f"maybe_node({self.expression('int', d)})",
            f"{self.postfix('Node', d)}.{self.one('next', 'tail()')}",
            "g_node",
        )

    def node(self, depth: int) -> str:
        if depth <= 0:
            return f"Node({self.int_leaf()[0]})"
        d = depth - 1
        return self.one(
            f"Node({self.expression('int', d)}, {self.expression('Node | None', d)})",
            f"Node(next={self.expression('Node | None', d)}, value={self.expression('int', d)})",
            f"{self.postfix('Node', d)}.push({self.expression('int', d)})",
            f"note_node({self.counter_value()}, {self.expression('Node', d)})",
            f"({self.expression('Node', d)} if {self.expression('bool', d)} else {self.expression('Node', d)})",
            f"{self.postfix('list[Node]', d)}[{self.index(d)}]",
        )

    def color(self, depth: int) -> str:
        return self.one("Color.RED", "Color.GREEN", "Color.BLUE", f"Color({self.expression('int', depth - 1)} % 3 + 1)")

    def shape(self, depth: int) -> str:
        value = self.expression("int", depth - 1)
        return self.one(f"shape_of({value})", f"Box({value}, {self.expression('str', depth - 1)})", f"Square({value})")

    def point(self, depth: int) -> str:
        value = self.expression("int", depth - 1)
        if depth <= 0:
            return f"Point({value})"
        other = self.expression("Point", depth - 1)
        return self.one(
            f"Point({value}, tag={self.expression('str', depth - 1)})", f"({other} + Point({value}))", f"Point({value})"
        )
