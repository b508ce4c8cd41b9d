"""E03xx: types, calls, classes and statements."""

from __future__ import annotations

from compiler.diagnostics.code_entry import CodeEntry

VALUE_CODES: tuple[CodeEntry, ...] = (
    CodeEntry(
        "E0301",
        "a construct that this stage of the language does not have",
        "It is ordinary Python and may come later. The message names it; the help says what does the same today.",
        wrong="ages = {'Ada': 36}",
        right="names = ['Ada']\nages = [36]",
    ),
    CodeEntry(
        "E0302",
        "an annotation that names no type",
        "Types are classes, builtin types, `list[T]`, `tuple[A, B]`, `T | None`, `Callable[[A], R]` and aliases.",
        wrong="size = 3\n\ndef show(value: size) -> None:\n    pass",
        right="def show(value: int) -> None:\n    pass",
    ),
    CodeEntry(
        "E0303",
        "a parameter has no type",
        "Locals are inferred, signatures are not: the types of a function can be read without its body.",
        wrong="def double(value) -> int:\n    return value * 2",
        right="def double(value: int) -> int:\n    return value * 2",
    ),
    CodeEntry(
        "E0304",
        "a function does not say what it returns",
        "Write `-> None` where nothing comes back.",
        wrong="def show():\n    print('shown')",
        right="def show() -> None:\n    print('shown')",
    ),
    CodeEntry(
        "E0305",
        "a field has another type in a subclass",
        "Code that knows only the base class reads and writes the field by the base class's type.",
        wrong="class A:\n    x: int = 0\n\nclass B(A):\n    x: str = ''",
        right="class A:\n    x: int = 0\n\nclass B(A):\n    y: str = ''",
    ),
    CodeEntry(
        "E0306",
        "the type of a field cannot be seen",
        """
        A field is declared in the class body, annotated in `__init__`, or gets the type of the first value that
        `__init__` assigns. None alone is no type, and in a generic class only plain values are looked at.
        """,
        wrong="class A:\n    def __init__(self) -> None:\n        self.x = None",
        right="class A:\n    x: int | None\n\n    def __init__(self) -> None:\n        self.x = None",
    ),
    CodeEntry(
        "E0307",
        "a value has another type than its place wants",
        """
        Nothing is converted silently where the difference could be seen: an int is no float (it prints otherwise), a
        bool no int, a width no int. Constants adapt to the width that is wanted.
        """,
        wrong="def width(text: str) -> str:\n    return len(text)",
        right="def width(text: str) -> str:\n    return str(len(text))",
    ),
    CodeEntry(
        "E0308",
        "a value that may be None is used without a test",
        "Test it with `is None` or `is not None`; behind the test the value has its plain type.",
        wrong="def shout(text: str | None) -> str:\n    return text.upper()",
        right="def shout(text: str | None) -> str:\n    return '' if text is None else text.upper()",
    ),
    CodeEntry(
        "E0309",
        "two branches of one expression have different types",
        "An expression has one type. Convert one side, or use an `if` statement.",
        wrong="n = 3\ntext = 'odd' if n % 2 else 0",
        right="n = 3\ntext = 'odd' if n % 2 else 'even'",
    ),
    CodeEntry(
        "E0310",
        "a value has no such attribute or method",
        "Fields and methods are fixed when the program is compiled: neither the class nor a base class declares it.",
        wrong="text = 'abc'\nprint(text.uper())",
        right="text = 'abc'\nprint(text.upper())",
    ),
    CodeEntry(
        "E0311",
        "a call does not fit the parameters",
        "Too many or too few arguments, or a keyword that names no parameter. CPython raises TypeError.",
        wrong="def area(width: int, height: int) -> int:\n    return width * height\n\nprint(area(2))",
        right="def area(width: int, height: int) -> int:\n    return width * height\n\nprint(area(2, 3))",
    ),
    CodeEntry(
        "E0312",
        "floating point in the kernel",
        "The vector registers belong to the program that was interrupted; the kernel does not save them at each entry.",
    ),
    CodeEntry(
        "E0313",
        "two widths that do not mix",
        "Neither type holds every value of the other, so the result has no natural type. Convert one side.",
        wrong="from runtime.lang import i32, u32\n\ndef f(a: u32, b: i32) -> int:\n    return int(a + b)",
        right="from runtime.lang import i32, u32\n\ndef f(a: u32, b: i32) -> int:\n    return int(a) + int(b)",
    ),
    CodeEntry(
        "E0314",
        "an operation is not defined for these types",
        "CPython raises TypeError, or, for `==` between unrelated types, always answers False.",
        wrong="n = 3\nprint('n = ' + n)",
        right="n = 3\nprint('n = ' + str(n))",
    ),
    CodeEntry(
        "E0315",
        "`is` between values without identity",
        "Whether two equal numbers or texts are one object depends on the implementation. Compare with `==`.",
        wrong="a = 300\nb = 300\nprint(a is b)",
        right="a = 300\nb = 300\nprint(a == b)",
    ),
    CodeEntry(
        "E0316",
        "a variable is read before it is assigned",
        "A name that a function assigns anywhere is local to it everywhere; CPython raises UnboundLocalError.",
        wrong="def f() -> int:\n    print(total)\n    total = 3\n    return total",
        right="def f() -> int:\n    total = 3\n    print(total)\n    return total",
    ),
    CodeEntry(
        "E0317",
        "a function that can only be called",
        "Builtin functions and bound methods are not values yet. Wrap the call in a function.",
        wrong="show = len\nprint(show('abc'))",
        right="def show(text: str) -> int:\n    return len(text)\n\nprint(show('abc'))",
    ),
    CodeEntry(
        "E0318",
        "a name that is no value",
        "Modules, classes and types have no value of their own: modules are dotted into, classes are called.",
        wrong="import sys\n\nmodules = [sys]",
        right="import sys\n\narguments = [sys.argv]",
    ),
    CodeEntry(
        "E0319",
        "a type argument cannot be inferred",
        "The arguments of the call do not say what the type variable stands for.",
    ),
    CodeEntry(
        "E0320",
        "the type of a variable depends on itself",
        "Annotate the variable: its type is then known without its value.",
    ),
    CodeEntry(
        "E0321",
        "a class or enum has no such member",
        "Only what the class body declares can be read through the class.",
        wrong="class Settings:\n    width = 80\n\nprint(Settings.height)",
        right="class Settings:\n    width = 80\n\nprint(Settings.width)",
    ),
    CodeEntry(
        "E0322",
        "user memory is followed",
        "A `UserPtr` comes from a program and may point anywhere. The copy functions check it and survive a fault.",
    ),
    CodeEntry(
        "E0323",
        "the index into a tuple is not a constant",
        "The items of a tuple have different types, so the compiler must know which one is meant.",
        wrong="pair = (1, 'one')\nfor i in range(2):\n    print(pair[i])",
        right="pair = (1, 'one')\nprint(pair[0])\nprint(pair[1])",
    ),
    CodeEntry(
        "E0324",
        "a tuple has no such item",
        "Its type says how many items it has.",
        wrong="pair = (1, 'one')\nprint(pair[2])",
        right="pair = (1, 'one')\nprint(pair[1])",
    ),
    CodeEntry(
        "E0325",
        "the type of an empty list is not known",
        "Nothing in the expression says what the list will hold. Annotate the variable.",
        wrong="items = []",
        right="items: list[int] = []",
    ),
    CodeEntry(
        "E0326",
        "the items of a list have different types",
        "A list holds one type. Use a tuple, or a class above both.",
        wrong="items = [1, 'two']",
        right="items = ['one', 'two']",
    ),
    CodeEntry(
        "E0327",
        "a parameter gets two values",
        "An argument was given by position and again by its name.",
        wrong="def area(width: int) -> int:\n    return width\n\nprint(area(2, width=3))",
        right="def area(width: int) -> int:\n    return width\n\nprint(area(width=3))",
    ),
    CodeEntry(
        "E0328",
        "a default that all calls or instances would share",
        "Python makes such an object once. That is hardly ever meant, and not part of the language yet.",
        wrong="def f(items: list[int] = []) -> int:\n    return len(items)\n\nprint(f())",
        right="def f(items: list[int] | None = None) -> int:\n    return 0 if items is None else len(items)\n"
        "\nprint(f())",
    ),
    CodeEntry(
        "E0329",
        "super() outside a method",
        "It means the base class of the class around it.",
        wrong="def f() -> None:\n    super().f()",
        right="class A:\n    def f(self) -> None:\n        pass\n\n"
        "class B(A):\n    def f(self) -> None:\n        super().f()",
    ),
    CodeEntry(
        "E0330",
        "a value that cannot be called",
        "Only functions, classes and values of a `Callable` type are called.",
        wrong="n = 3\nprint(n())",
        right="n = 3\nprint(n)",
    ),
)

STATEMENT_CODES: tuple[CodeEntry, ...] = (
    CodeEntry(
        "E0331",
        "an instance of an abstract class",
        "Methods marked `@abstractmethod` have no body to call. Make an instance of a subclass that defines them.",
        wrong="from abc import ABC, abstractmethod\n\n"
        "class A(ABC):\n    @abstractmethod\n    def f(self) -> int: ...\n\nprint(A().f())",
        right="from abc import ABC, abstractmethod\n\n"
        "class A(ABC):\n    @abstractmethod\n    def f(self) -> int: ...\n\n"
        "class B(A):\n    def f(self) -> int:\n        return 1\n\nprint(B().f())",
    ),
    CodeEntry(
        "E0332",
        "a value without this text",
        "Format specifications are for numbers and texts; some types have no text yet.",
        wrong="items = [1, 2]\nprint(f'{items:>10}')",
        right="items = [1, 2]\nprint(f'{str(items):>10}')",
    ),
    CodeEntry(
        "E0333",
        "a function that the kernel does not have",
        "`print` writes to a program's standard output. The kernel logs through kernel.debug.log.",
    ),
    CodeEntry(
        "E0334",
        "isinstance with something other than a class",
        "The second argument is a class of the program or a tuple of such classes.",
    ),
    CodeEntry(
        "E0335",
        "a name of runtime.lang that cannot be called",
        "Markers are used as decorators and types in annotations.",
    ),
    CodeEntry(
        "E0336",
        "an Array of objects",
        "An `Array` is plain memory that nothing counts references in. Use a list.",
        wrong="from runtime.lang import new_array\n\nnames = new_array(str, 3)",
        right="names = ['', '', '']",
    ),
    CodeEntry(
        "E0337",
        "an embedded file that was not given",
        '`embedded_file("name")` needs `--embed name=PATH` on the command line.',
        wrong="from runtime.lang import embedded_file\n\nlogo = embedded_file('logo')",
    ),
    CodeEntry(
        "E0338",
        "assembly in the wrong place or with an unknown name",
        "`assembly(…)` is all of a `@naked` function; a `{name}` in it is a function, variable or constant in sight.",
        wrong="from runtime.lang import assembly\n\ndef stop() -> None:\n    assembly('hlt')",
        right="from runtime.lang import assembly, naked\n\n@naked\ndef stop() -> None:\n    assembly('hlt')",
    ),
    CodeEntry(
        "E0339",
        "a variable that starts as None without a type",
        "None alone does not say what the variable will hold later.",
        wrong="def f() -> None:\n    found = None\n    print(found)",
        right="def f() -> None:\n    found: int | None = None\n    print(found)",
    ),
    CodeEntry(
        "E0340",
        "an assignment to a function, class or module",
        "Calls are compiled to the function they name; it cannot be exchanged while the program runs.",
        wrong="def f() -> None:\n    pass\n\ndef g() -> None:\n    global f\n    f = g",
        right="from collections.abc import Callable\n\ndef g() -> None:\n    pass\n\n"
        "action: Callable[[], None] = g\naction()",
    ),
    CodeEntry(
        "E0341",
        "an assignment to a constant",
        "A `Final` name keeps its value, and so does a class variable that nothing else assigns.",
        wrong="from typing import Final\n\nLIMIT: Final = 3\n\ndef f() -> None:\n    global LIMIT\n    LIMIT = 4",
        right="limit = 3\n\ndef f() -> None:\n    global limit\n    limit = 4",
    ),
    CodeEntry(
        "E0342",
        "a variable is declared twice",
        "A variable has one type from its first assignment on.",
        wrong="def f() -> None:\n    x: int = 1\n    x: str = 'one'\n    print(x)",
        right="def f() -> None:\n    x: int = 1\n    name: str = 'one'\n    print(x, name)",
    ),
    CodeEntry(
        "E0343",
        "an assignment to a frozen field",
        "A frozen dataclass does not change. Make a new one.",
        wrong="from dataclasses import dataclass\n\n@dataclass(frozen=True)\nclass P:\n    x: int\n\np = P(1)\np.x = 2",
        right="from dataclasses import dataclass\n\n@dataclass(frozen=True)\nclass P:\n    x: int\n\n"
        "p = P(1)\np = P(2)",
    ),
    CodeEntry(
        "E0344",
        "a property without a setter is assigned",
        "Define `@name.setter`, or assign the field behind the property.",
        wrong="class A:\n    @property\n    def x(self) -> int:\n        return 1\n\na = A()\na.x = 2",
        right="class A:\n    def __init__(self) -> None:\n        self.x = 1\n\na = A()\na.x = 2",
    ),
    CodeEntry(
        "E0345",
        "a tuple is changed",
        "Tuples do not change. Make a new one, or use a list.",
        wrong="pair = (1, 2)\npair[0] = 3",
        right="pair = [1, 2]\npair[0] = 3",
    ),
    CodeEntry(
        "E0346",
        "something other than a tuple is unpacked",
        "How many items a list has is known only while the program runs.",
        wrong="a, b = [1, 2]\nprint(a, b)",
        right="a, b = 1, 2\nprint(a, b)",
    ),
    CodeEntry(
        "E0347",
        "the number of targets and values differs",
        "CPython raises ValueError.",
        wrong="a, b = (1, 2, 3)",
        right="a, b, c = (1, 2, 3)",
    ),
    CodeEntry(
        "E0348",
        "a loop over a tuple of different types",
        "A loop variable has one type.",
        wrong="pair = (1, 'one')\nfor item in pair:\n    print(item)",
        right="pair = (1, 2)\nfor item in pair:\n    print(item)",
    ),
    CodeEntry(
        "E0349",
        "a loop over something that is no sequence",
        "Lists, texts, bytes, tuples, arrays, ranges, enumerate, zip and reversed can be walked.",
        wrong="for item in 3:\n    print(item)",
        right="for item in range(3):\n    print(item)",
    ),
    CodeEntry(
        "E0350",
        "a range with step 0",
        "CPython raises ValueError.",
        wrong="for i in range(0, 3, 0):\n    print(i)",
        right="for i in range(0, 3, 1):\n    print(i)",
    ),
    CodeEntry(
        "E0351",
        "`raise` alone outside a handler",
        "It passes on the exception that is being handled, and here is none.",
        wrong="def f() -> None:\n    raise",
        right="def f() -> None:\n    raise ValueError('wrong')",
    ),
    CodeEntry(
        "E0352",
        "something other than an exception is raised or caught",
        "Exceptions are instances of classes below BaseException.",
        wrong="raise 'wrong'",
        right="raise ValueError('wrong')",
    ),
    CodeEntry(
        "E0353",
        "a `with` statement over something that is no context manager",
        "The class has `__enter__` and `__exit__`, and what `__exit__` takes may be None.",
        wrong="with 3:\n    pass",
        right="class A:\n    def __enter__(self) -> None:\n        pass\n\n"
        "    def __exit__(self, kind: None, error: BaseException | None, trace: None) -> None:\n        pass\n\n"
        "with A():\n    pass",
    ),
    CodeEntry(
        "E0354",
        "`return` outside a function",
        "Use `sys.exit()` to end a program.",
    ),
    CodeEntry(
        "E0355",
        "a function declared not to return does",
        "`-> NoReturn` promises that the call never comes back: it raises, exits or loops for ever.",
        wrong="from typing import NoReturn\n\ndef f() -> NoReturn:\n    return",
        right="from typing import NoReturn\n\ndef f() -> NoReturn:\n    raise ValueError('stop')",
    ),
    CodeEntry(
        "E0356",
        "a function can end without a value",
        "Falling off the end gives None, which the declared result does not include.",
        wrong="def sign(n: int) -> str:\n    if n > 0:\n        return '+'",
        right="def sign(n: int) -> str:\n    if n > 0:\n        return '+'\n    return '-'",
    ),
    CodeEntry(
        "E0357",
        "an overriding method has another signature",
        """
        Code that knows only the base class calls it with the base class's signature. Results may be subclasses,
        parameters base classes; everything else is the same.
        """,
        wrong="class A:\n    def f(self) -> int:\n        return 1\n\n"
        "class B(A):\n    def f(self) -> str:\n        return ''",
        right="class A:\n    def f(self) -> int:\n        return 1\n\n"
        "class B(A):\n    def f(self) -> int:\n        return 2",
    ),
)
