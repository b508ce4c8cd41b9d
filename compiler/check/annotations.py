"""Annotations: from the expression after the colon to a type.

Works on the module's symbols only, so it serves signatures before any body is checked. String annotations are
parsed; unknown names and unsupported forms are refused where they stand.
"""

from __future__ import annotations

from compiler.check.declarations import ModuleSymbol, TypeAliasSymbol, VocabularySymbol
from compiler.check.world import GlobalDeclaration, ModuleScope, World
from compiler.diagnostics.span import Span
from compiler.diagnostics.suggest import closest
from compiler.syntax import tree
from compiler.syntax.parse import parse_expression_text
from compiler.type_system.kinds import (
    BOOL,
    ERROR,
    FIXED_WIDTHS,
    FLOAT,
    INT,
    NEVER,
    NONE,
    PHYSICAL_ADDRESS,
    VIRTUAL_ADDRESS,
    ArrayType,
    ClassInfo,
    ClassReferenceType,
    ClassType,
    EnumInfo,
    EnumType,
    FunctionPointerInfo,
    FunctionPointerType,
    FunctionType,
    NoneType,
    OptionalType,
    PointerType,
    StructInfo,
    StructType,
    TableType,
    TupleType,
    Type,
    TypeVariable,
    optional,
)

SIMPLE_BUILTINS: dict[str, Type] = {"int": INT, "bool": BOOL, "float": FLOAT, "None": NONE}
SIMPLE_VOCABULARY: dict[str, Type] = {
    **FIXED_WIDTHS,
    "PhysicalAddress": PHYSICAL_ADDRESS,
    "VirtualAddress": VIRTUAL_ADDRESS,
    "NoReturn": NEVER,
    "Never": NEVER,
}
MARKER_GENERICS = frozenset({"Final", "ClassVar", "Annotated"})


class AnnotationReader:
    """Reads annotations of one module (with the type variables of the class or function at hand)."""

    def __init__(
        self, world: World, module: ModuleScope, variables: tuple[TypeVariable, ...] = (), self_type: Type | None = None
    ) -> None:
        self.world = world
        self.module = module
        self.variables = {variable.name: variable for variable in variables}
        self.self_type = self_type

    def read(self, node: tree.Expression) -> Type:
        """The type an annotation names; ErrorType after a diagnostic."""
        match node:
            case tree.Constant(value=None):
                return NONE
            case tree.Constant(value=str() as text):
                return self.read_string(text, node.span)
            case tree.Name(identifier=name):
                return self.read_name(name, node.span)
            case tree.Attribute():
                return self.read_attribute(node)
            case tree.BinaryOperation(operator=tree.BinaryOperator.BIT_OR):
                return self.read_union(node)
            case tree.Subscript():
                return self.read_subscript(node)
        return self.refuse(node.span, "this expression does not name a type")

    def refuse(self, span: Span, message: str, suggestion: str | None = None) -> Type:
        self.world.sink.error("E0302", span, message, suggestion=suggestion)
        return ERROR

    def read_string(self, text: str, span: Span) -> Type:
        node = parse_expression_text(text, span)
        if node is None:
            return self.refuse(span, f"the annotation {text!r} is not an expression")
        return self.read(node)

    def read_name(self, name: str, span: Span) -> Type:
        if name in self.variables:
            return self.variables[name]
        symbol = self.module.symbols.get(name)
        if symbol is not None:
            return self.read_symbol(symbol, name, span)
        if name in SIMPLE_BUILTINS:
            return SIMPLE_BUILTINS[name]
        if name in self.world.builtin_classes:
            return self.bare_class(self.world.builtin_classes[name], span)
        hint = closest(name, [*self.module.symbols, *SIMPLE_BUILTINS, *self.world.builtin_classes])
        return self.refuse(span, f"unknown type `{name}`", suggestion=hint)

    def read_symbol(self, symbol: object, name: str, span: Span) -> Type:
        match symbol:
            case ClassInfo():
                return self.bare_class(symbol, span)
            case StructInfo():
                return StructType(symbol)
            case EnumInfo():
                return EnumType(symbol)
            case FunctionPointerInfo():
                return FunctionPointerType(symbol)
            case TypeVariable():
                return symbol
            case TypeAliasSymbol(type=kind):
                return kind
            case VocabularySymbol(name=known):
                return self.read_vocabulary(known, span)
            case GlobalDeclaration(value=value) if value is not None and symbol.settled is None:
                return self.read_alias(symbol, value, span)
            case ModuleSymbol():
                return self.refuse(span, f"`{name}` is a module, not a type")
        return self.refuse(span, f"`{name}` is not a type")

    def read_alias(self, declaration: GlobalDeclaration, value: tree.Expression, span: Span) -> Type:
        if declaration.in_progress:
            return self.refuse(span, f"the type alias `{declaration.name}` refers to itself")
        if not isinstance(
            value, tree.Name | tree.Attribute | tree.Subscript | tree.BinaryOperation | tree.Constant
        ) or (isinstance(value, tree.Constant) and not isinstance(value.value, str | None)):
            return self.refuse(span, f"`{declaration.name}` is a variable, not a type")
        declaration.in_progress = True
        try:
            kind = AnnotationReader(self.world, declaration.module).read(value)
        finally:
            declaration.in_progress = False
        declaration.module.symbols[declaration.name] = TypeAliasSymbol(declaration.name, kind)
        return kind

    def bare_class(self, info: ClassInfo, span: Span) -> Type:
        if info.type_parameters:
            return self.refuse(
                span,
                f"`{info.display_name}` needs its type argument",
                suggestion=f"{info.display_name}[{', '.join(v.name for v in info.type_parameters)}]",
            )
        return ClassType(info)

    def read_vocabulary(self, name: str, span: Span) -> Type:
        if name in SIMPLE_VOCABULARY:
            return SIMPLE_VOCABULARY[name]
        if name == "Self" and self.self_type is not None:
            return self.self_type
        if name == "TracebackType":
            return NONE
        if name == "Any":
            return self.refuse(span, "`Any` is not part of the language: every value has one known type")
        return self.refuse(span, f"`{name}` needs type arguments or is not a type here")

    def read_attribute(self, node: tree.Attribute) -> Type:
        symbol = self.resolve_dotted(node)
        if symbol is None:
            return self.refuse(node.span, "this does not name a type")
        return self.read_symbol(symbol, node.name, node.span)

    def resolve_dotted(self, node: tree.Expression) -> object | None:
        match node:
            case tree.Name(identifier=name):
                return self.module.symbols.get(name)
            case tree.Attribute(value=value, name=name):
                base = self.resolve_dotted(value)
                if isinstance(base, ModuleSymbol) and base.name in self.world.modules:
                    return self.world.modules[base.name].symbols.get(name)
                if isinstance(base, ModuleSymbol):
                    return VocabularySymbol(base.name, name)
        return None

    def read_union(self, node: tree.BinaryOperation) -> Type:
        left, right = self.read(node.left), self.read(node.right)
        if isinstance(right, NoneType):
            return optional(left)
        if isinstance(left, NoneType):
            return optional(right)
        if isinstance(left, OptionalType) and left.item == right:
            return left
        if left in (right, ERROR) or right == ERROR:
            return left
        return self.refuse(
            node.span, f"the union {left} | {right} is not part of the language yet (only `T | None` is)"
        )

    # --- subscripts -------------------------------------------------------------------------------------------------

    def read_subscript(self, node: tree.Subscript) -> Type:
        name = self.generic_name(node.value)
        arguments = node.index.elements if isinstance(node.index, tree.TupleDisplay) else (node.index,)
        if name == "tuple":
            return self.read_tuple(arguments, node.span)
        if name == "Callable":
            return self.read_callable(arguments, node.span)
        if name == "Literal":
            return self.refuse(node.span, "`Literal` is not part of the language yet")
        if name in MARKER_GENERICS:
            return self.read(arguments[0])
        if name == "Optional":
            return optional(self.read(arguments[0]))
        items = tuple(self.read(argument) for argument in arguments)
        if ERROR in items:
            return ERROR
        return self.apply_generic(node, name, items)

    def generic_name(self, node: tree.Expression) -> str | None:
        symbol = self.resolve_dotted(node)
        if isinstance(symbol, VocabularySymbol):
            return symbol.name
        if symbol is None and isinstance(node, tree.Name):
            return node.identifier
        return None

    def apply_generic(self, node: tree.Subscript, name: str | None, items: tuple[Type, ...]) -> Type:
        if len(items) == 1:
            match name:
                case "Ptr":
                    return PointerType(items[0])
                case "UserPtr":
                    return PointerType(items[0], is_user=True)
                case "Array":
                    return ArrayType(items[0])
                case "type":
                    return ClassReferenceType(items[0])
        info = self.resolve_dotted(node.value)
        if info is None and name is not None:
            info = self.world.builtin_classes.get(name)
        if isinstance(info, ClassInfo):
            return self.generic_class(info, items, node.span)
        if name in {"dict", "set", "frozenset", "Iterable", "Iterator", "Sequence", "Mapping"}:
            return self.refuse(node.span, f"`{name}` is not part of the language yet")
        return self.refuse(node.span, "this does not name a generic type")

    def generic_class(self, info: ClassInfo, items: tuple[Type, ...], span: Span) -> Type:
        wanted = len(info.type_parameters)
        if wanted != len(items):
            return self.refuse(span, f"`{info.display_name}` takes {wanted} type argument(s), not {len(items)}")
        return ClassType(info, items)

    def read_tuple(self, arguments: tuple[tree.Expression, ...], span: Span) -> Type:
        if len(arguments) == 2 and isinstance(arguments[1], tree.Constant) and arguments[1].value is ...:
            return TableType(self.read(arguments[0]))
        if len(arguments) == 1 and isinstance(arguments[0], tree.TupleDisplay) and not arguments[0].elements:
            return TupleType(())
        return TupleType(tuple(self.read(argument) for argument in arguments))

    def read_callable(self, arguments: tuple[tree.Expression, ...], span: Span) -> Type:
        if len(arguments) != 2 or not isinstance(arguments[0], tree.ListDisplay):
            return self.refuse(span, "write Callable[[A, B], Result]")
        return FunctionType(tuple(self.read(p) for p in arguments[0].elements), self.read(arguments[1]))


def is_marker(reader: AnnotationReader, node: tree.Expression | None, name: str) -> bool:
    """Whether an annotation is `name` or `name[...]`, e.g. Final, ClassVar."""
    if isinstance(node, tree.Subscript):
        node = node.value
    if node is None:
        return False
    symbol = reader.resolve_dotted(node)
    return isinstance(symbol, VocabularySymbol) and symbol.name == name
