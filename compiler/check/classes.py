"""Declares classes: which kind a class statement is, its fields, its methods, its place in the hierarchy."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.check.annotations import SIMPLE_BUILTINS, SIMPLE_VOCABULARY, AnnotationReader, is_marker
from compiler.check.declarations import FunctionInfo, MethodKind, ParameterInfo, VocabularySymbol
from compiler.check.enums import declare_enum
from compiler.check.markers import decorator_name, keyword_options
from compiler.check.signatures import declare_function
from compiler.check.structs import declare_function_pointer, declare_struct
from compiler.check.world import GlobalDeclaration, ModuleScope, World
from compiler.diagnostics.diagnostic import Note
from compiler.diagnostics.span import Span
from compiler.syntax import tree
from compiler.type_system.kinds import (
    BOOL,
    ERROR,
    FLOAT,
    INT,
    NONE,
    ClassInfo,
    ClassType,
    EnumInfo,
    FieldInfo,
    FunctionPointerInfo,
    StructInfo,
    Type,
    TypeVariable,
)

ClassSymbol = ClassInfo | StructInfo | EnumInfo | FunctionPointerInfo
ENUM_BASES = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})
TRANSPARENT_BASES = frozenset({"ABC", "Protocol", "object"})


def new_class_symbol(world: World, scope: ModuleScope, definition: tree.ClassDefinition) -> ClassSymbol:
    """The symbol of a class statement; which kind it is shows in its decorators and bases."""
    names = [base_name(node) for node in (*definition.bases, *definition.decorators)]
    place = (definition.name, scope.name, definition.name_span)
    if "struct" in names:
        return StructInfo(*place, definition)
    if ENUM_BASES.intersection(n for n in names if n):
        return EnumInfo(*place, definition, is_integer="IntEnum" in names)
    if "FunctionPointer" in names:
        return FunctionPointerInfo(*place)
    info = ClassInfo(*place, definition)
    note_builtin(world, info, definition)
    return info


def base_name(node: tree.Expression) -> str | None:
    match node:
        case tree.Call(function=function):
            return base_name(function)
        case tree.Subscript(value=value):
            return base_name(value)
        case tree.Name(identifier=name) | tree.Attribute(name=name):
            return name
    return None


def note_builtin(world: World, info: ClassInfo, definition: tree.ClassDefinition) -> None:
    """`@builtin_class("str")` ties a runtime class to its Python name."""
    for decorator in definition.decorators:
        match decorator:
            case tree.Call(
                function=tree.Name(identifier="builtin_class"), arguments=(tree.Constant(value=str() as name),)
            ):
                info.builtin_name = name
                world.builtin_classes[name] = info


def declare_class(world: World, scope: ModuleScope, symbol: ClassSymbol) -> None:
    """Read the class body's declarations."""
    match symbol:
        case StructInfo():
            declare_struct(world, scope, symbol)
        case EnumInfo():
            declare_enum(world, scope, symbol)
        case FunctionPointerInfo():
            declare_function_pointer(world, scope, symbol)


class ClassDeclarer:
    """Reads one ordinary class."""

    def __init__(self, world: World, scope: ModuleScope, info: ClassInfo) -> None:
        self.world, self.scope, self.info = world, scope, info
        self.definition = info.definition
        self.reader = AnnotationReader(world, scope)

    def read_header(self) -> None:
        """Decorators and type parameters: what other declarations need to mention this class."""
        self.read_decorators()
        self.read_type_parameters()

    def read_body(self) -> None:
        """Fields and methods; the bases are known."""
        self.reader = AnnotationReader(self.world, self.scope, self.info.type_parameters, self.self_type())
        for statement in self.definition.body:
            self.read_member(statement)
        self.read_constructor_fields()
        if self.info.dataclass_options is not None and "__init__" not in self.info.methods:
            self.synthesise_constructor()

    def self_type(self) -> ClassType:
        return ClassType(self.info, self.info.type_parameters)

    def read_decorators(self) -> None:
        for node in self.definition.decorators:
            name = decorator_name(self.reader, node)
            if name == "dataclass":
                options = keyword_options(self.reader, node)
                self.info.dataclass_options = {key: bool(value) for key, value in options.items()}
            elif name not in {"builtin_class", "final", "total_ordering", "runtime_checkable"}:
                self.reader.refuse(node.span, "this class decorator is not part of the language yet")

    def read_type_parameters(self) -> None:
        parameters = [TypeVariable(p.name) for p in self.definition.type_parameters]
        for base in self.definition.bases:
            if isinstance(base, tree.Subscript) and base_name(base.value) in {"Generic", "Protocol"}:
                parameters.extend(self.generic_parameters(base))
        self.info.type_parameters = tuple(parameters)

    def generic_parameters(self, base: tree.Subscript) -> Iterator[TypeVariable]:
        nodes = base.index.elements if isinstance(base.index, tree.TupleDisplay) else (base.index,)
        for node in nodes:
            symbol = self.reader.resolve_dotted(node)
            if isinstance(symbol, TypeVariable):
                yield symbol
            else:
                self.reader.refuse(node.span, "a type variable is expected here")

    # --- bases ------------------------------------------------------------------------------------------------------

    def read_bases(self) -> None:
        """The base class, and a place among its subclasses."""
        self.reader = AnnotationReader(self.world, self.scope, self.info.type_parameters, self.self_type())
        if any(keyword.name == "metaclass" for keyword in self.definition.keywords):
            self.reader.refuse(self.definition.keywords[0].span, "metaclasses are not part of the language")
        for node in self.definition.bases:
            if self.is_transparent(node):
                continue
            base = self.reader.read(node)
            if isinstance(base, ClassType):
                self.add_base(node, base)
            elif base != ERROR:
                self.reader.refuse(node.span, f"`{base}` cannot be a base class")

    def is_transparent(self, node: tree.Expression) -> bool:
        """ABC, Generic[T] and Protocol say something about the class but bring nothing into it."""
        name = base_name(node)
        if name in {"Generic", "ABC"}:
            self.info.is_abstract = self.info.is_abstract or name == "ABC"
            return True
        symbol = self.reader.resolve_dotted(node.value if isinstance(node, tree.Subscript) else node)
        if isinstance(symbol, VocabularySymbol) and symbol.name in TRANSPARENT_BASES:
            return True
        return symbol is None and name == "object"

    def add_base(self, node: tree.Expression, base: ClassType) -> None:
        if self.info.base is not None:
            self.reader.refuse(node.span, "a second base class is not part of the language yet")
            return
        if base.info.is_subclass_of(self.info):
            self.reader.refuse(node.span, f"`{self.info.name}` would be its own base class")
            return
        self.info.base = base
        base.info.subclasses.append(self.info)

    # --- members ----------------------------------------------------------------------------------------------------

    def read_member(self, statement: tree.Statement) -> None:
        match statement:
            case tree.FunctionDefinition():
                self.add_method(statement)
            case tree.AnnotatedAssign(target=tree.Name(identifier=name)):
                self.add_annotated(name, statement)
            case tree.Assign(targets=(tree.Name(identifier=name),), value=value):
                self.add_class_variable(name, statement.span, None, value)
            case tree.ExpressionStatement(value=tree.Constant()) | tree.Pass():
                return
            case tree.ClassDefinition():
                self.reader.refuse(statement.name_span, "a class inside a class is not part of the language yet")
            case _:
                self.reader.refuse(statement.span, "only fields, methods and a docstring belong into a class body")

    def add_method(self, definition: tree.FunctionDefinition) -> None:
        info = FunctionInfo(definition.name, self.scope.name, definition.name_span, definition, owner=self.info)
        if any(isinstance(d, tree.Name) and d.identifier == "staticmethod" for d in definition.decorators):
            info.kind = MethodKind.STATIC
        if any(isinstance(d, tree.Name) and d.identifier == "classmethod" for d in definition.decorators):
            info.kind = MethodKind.CLASS
        declare_function(self.world, self.scope, info, self.info.type_parameters)
        key = f"{definition.name}.setter" if info.kind is MethodKind.SETTER else definition.name
        self.info.methods[key] = info

    def add_annotated(self, name: str, statement: tree.AnnotatedAssign) -> None:
        if is_marker(self.reader, statement.annotation, "ClassVar") or self.is_plain_final(statement):
            annotation = statement.annotation if isinstance(statement.annotation, tree.Subscript) else None
            self.add_class_variable(name, statement.target.span, annotation, statement.value)
            return
        self.add_field(name, self.reader.read(statement.annotation), statement.target.span, statement.value)

    def is_plain_final(self, statement: tree.AnnotatedAssign) -> bool:
        is_final = is_marker(self.reader, statement.annotation, "Final")
        return is_final and statement.value is not None and self.info.dataclass_options is None

    def add_class_variable(
        self, name: str, span: object, annotation: tree.Expression | None, value: tree.Expression | None
    ) -> None:
        assert isinstance(span, Span)
        if name == "__slots__":
            return
        declaration = GlobalDeclaration(f"{self.info.name}.{name}", self.scope, span, annotation, value, is_final=False)
        self.info.class_variables[name] = declaration

    def add_field(self, name: str, kind: Type, span: object, default: tree.Expression | None) -> None:
        assert isinstance(span, Span)
        inherited = next((a.fields[name] for a in self.info.ancestors()[1:] if name in a.fields), None)
        if inherited is not None:
            if inherited.type != kind:
                self.world.sink.error(
                    "E0305",
                    span,
                    f"the field `{name}` has type {kind} here and {inherited.type} in the base class",
                    notes=(Note("declared here", inherited.span),),
                )
            return
        self.info.fields.setdefault(name, FieldInfo(name, kind, span, default, self.info))

    # --- fields that the constructor introduces ---------------------------------------------------------------------

    def read_constructor_fields(self) -> None:
        """`self.x: T = …` and `self.x = parameter` in __init__ declare fields that the class body did not."""
        constructor = self.info.methods.get("__init__")
        if constructor is None or not constructor.parameters:
            return
        self_name = constructor.parameters[0].name
        types = {p.name: p.type for p in constructor.parameters[1:]}
        for statement in nested_statements(constructor.definition.body):
            self.read_constructor_statement(statement, self_name, types)

    def read_constructor_statement(self, statement: tree.Statement, self_name: str, types: dict[str, Type]) -> None:
        match statement:
            case tree.AnnotatedAssign(target=tree.Attribute(value=tree.Name(identifier=owner), name=name)):
                if owner == self_name and not self.is_known(name):
                    self.add_field(name, self.reader.read(statement.annotation), statement.target.span, None)
            case tree.Assign(targets=targets, value=value):
                for target in targets:
                    self.read_assigned_field(target, value, self_name, types)

    def read_assigned_field(
        self, target: tree.Expression, value: tree.Expression, self_name: str, types: dict[str, Type]
    ) -> None:
        match target:
            case tree.TupleDisplay(elements=targets) if isinstance(value, tree.TupleDisplay):
                for inner, part in zip(targets, value.elements, strict=False):
                    self.read_assigned_field(inner, part, self_name, types)
            case tree.Attribute(value=tree.Name(identifier=owner), name=name) if owner == self_name:
                if self.is_known(name):
                    return
                kind = simple_value_type(self.reader, value, types)
                if kind is None and not self.info.type_parameters:
                    self.add_field(name, ERROR, target.span, None)
                    self.info.fields[name].is_pending = True
                    return
                if kind is None:
                    self.world.sink.error(
                        "E0306",
                        target.span,
                        f"the type of the field `{name}` cannot be seen here",
                        label="declare it in the class body",
                        suggestion=f"{name}: …",
                    )
                    kind = ERROR
                self.add_field(name, kind, target.span, None)

    def is_known(self, name: str) -> bool:
        chain = self.info.ancestors()
        return any(name in c.fields or name in c.methods or name in c.class_variables for c in chain)

    # --- dataclasses ------------------------------------------------------------------------------------------------

    def synthesise_constructor(self) -> None:
        """The `__init__` a dataclass would get: one parameter per field, the bases' first (dataclasses
        documentation)."""
        info = FunctionInfo("__init__", self.scope.name, self.info.span, empty_function(self.info), owner=self.info)
        info.kind, info.result, info.synthesised = MethodKind.METHOD, NONE, "dataclass_init"
        info.parameters = [ParameterInfo("self", self.self_type(), self.info.span)]
        keyword_only = bool((self.info.dataclass_options or {}).get("kw_only"))
        for ancestor in reversed(self.info.ancestors()):
            for field in ancestor.fields.values():
                kind = field.type
                info.parameters.append(
                    ParameterInfo(field.name, kind, field.span, field.default, keyword_only=keyword_only)
                )
        self.info.methods["__init__"] = info


def empty_function(info: ClassInfo) -> tree.FunctionDefinition:
    """The definition node of a synthesised method: it stands at the class's name."""
    span = info.span
    parameters = tree.Parameters(span, (), (), None, (), None)
    return tree.FunctionDefinition(span, "__init__", span, (), parameters, None, (), (), None)


def nested_statements(body: tuple[tree.Statement, ...]) -> Iterator[tree.Statement]:
    """All statements of a function, those in blocks included, not those of inner functions."""
    for statement in body:
        yield statement
        match statement:
            case (
                tree.If(body=inner, otherwise=rest)
                | tree.While(body=inner, otherwise=rest)
                | tree.For(body=inner, otherwise=rest)
            ):
                yield from nested_statements(inner)
                yield from nested_statements(rest)
            case tree.With(body=inner):
                yield from nested_statements(inner)
            case tree.Try(body=inner, handlers=handlers, otherwise=rest, final=final):
                yield from nested_statements(inner)
                for handler in handlers:
                    yield from nested_statements(handler.body)
                yield from nested_statements(rest)
                yield from nested_statements(final)
            case tree.Match(cases=cases):
                for case in cases:
                    yield from nested_statements(case.body)


def simple_value_type(reader: AnnotationReader, value: tree.Expression, types: dict[str, Type]) -> Type | None:
    """The type of a constructor's right-hand side where it is plain: a parameter, a literal, a call of a class."""
    match value:
        case tree.Name(identifier=name) if name in types:
            return types[name]
        case tree.Constant(value=bool()):
            return BOOL
        case tree.Constant(value=int()):
            return INT
        case tree.Constant(value=float()):
            return FLOAT
        case tree.Constant(value=str()) | tree.FormattedString():
            return reader.world.string
        case tree.Constant(value=bytes()):
            return reader.world.octets
        case tree.Call(function=function):
            return called_type(reader, function)
    return None


def called_type(reader: AnnotationReader, function: tree.Expression) -> Type | None:
    """What calling a plain class or annotated function gives."""
    symbol = reader.resolve_dotted(function.value if isinstance(function, tree.Subscript) else function)
    if isinstance(function, tree.Subscript):
        return reader.read(function)
    match symbol:
        case ClassInfo(type_parameters=()) | StructInfo() | EnumInfo():
            return reader.read_symbol(symbol, symbol.name, function.span)
        case FunctionInfo(definition=definition) if definition.returns is not None:
            return reader.read(definition.returns) if symbol.module == reader.module.name else symbol.result
        case VocabularySymbol(name=name) if name in SIMPLE_VOCABULARY:
            return SIMPLE_VOCABULARY[name]
        case None if isinstance(function, tree.Name) and function.identifier in SIMPLE_BUILTINS:
            return SIMPLE_BUILTINS[function.identifier]
        case None if isinstance(function, tree.Name) and function.identifier in {"str", "bytes"}:
            return reader.world.builtin(function.identifier)
    return None
