"""Declares @struct classes and declared function types of the machine boundary."""

from __future__ import annotations

from compiler.check.annotations import AnnotationReader
from compiler.check.declarations import FunctionInfo, VocabularySymbol
from compiler.check.folding import fold_node
from compiler.check.markers import decorator_name, keyword_options
from compiler.check.signatures import declare_function
from compiler.check.world import ModuleScope, World
from compiler.syntax import tree
from compiler.type_system.kinds import (
    U8,
    AddressType,
    ArrayType,
    BoolType,
    ErrorType,
    FloatType,
    FunctionPointerInfo,
    FunctionPointerType,
    IntegerType,
    PointerType,
    StructFieldInfo,
    StructInfo,
    StructType,
    Type,
)
from compiler.type_system.struct_layout import lay_out

PLAIN_MEMBERS = (IntegerType, BoolType, FloatType, AddressType, PointerType, FunctionPointerType, ErrorType)


def declare_struct(world: World, scope: ModuleScope, info: StructInfo) -> None:
    """Read the members and compute the layout; structs used inline are declared first."""
    if info.size or info.fields:
        return
    reader = AnnotationReader(world, scope, self_type=StructType(info))
    read_options(reader, info)
    for statement in info.definition.body:
        match statement:
            case tree.AnnotatedAssign(target=tree.Name(identifier=name), annotation=annotation, value=value):
                add_member(
                    world, reader, info, StructFieldInfo(name, reader.read(annotation), statement.target.span), value
                )
            case tree.FunctionDefinition():
                method = FunctionInfo(statement.name, scope.name, statement.name_span, statement, owner=info)
                declare_function(world, scope, method, ())
                info.methods[statement.name] = method
            case tree.ExpressionStatement(value=tree.Constant()) | tree.Pass():
                continue
            case _:
                reader.refuse(statement.span, "only annotated members, methods and a docstring belong into a @struct")
    lay_out(info)


def read_options(reader: AnnotationReader, info: StructInfo) -> None:
    for node in info.definition.decorators:
        if decorator_name(reader, node) != "struct":
            reader.refuse(node.span, "a @struct takes no other decorators")
            continue
        if isinstance(node, tree.Call):
            for keyword in node.keywords:
                read_option(reader, info, keyword)


def read_option(reader: AnnotationReader, info: StructInfo, keyword: tree.Keyword) -> None:
    value = fold_node(reader, keyword.value) if keyword.name == "align" else None
    if keyword.name == "packed" and isinstance(keyword.value, tree.Constant):
        info.packed = bool(keyword.value.value)
    elif isinstance(value, int) and value > 0 and value & (value - 1) == 0:
        info.minimum_alignment = value
    else:
        reader.refuse(keyword.span, "@struct takes packed=True and align=<power of two>")


def add_member(
    world: World, reader: AnnotationReader, info: StructInfo, field: StructFieldInfo, value: tree.Expression | None
) -> None:
    shape, count = member_shape(reader, value)
    if isinstance(field.type, ArrayType):
        if shape != "array_field" or count is None:
            reader.refuse(
                field.span,
                f"`{field.name}` needs its length",
                suggestion=f"{field.name}: {field.type} = array_field(16)",
            )
            return
        field.length, field.type = count, field.type.item
        require_declared(world, field.type)
        field.is_inline_struct = isinstance(field.type, StructType)
    elif isinstance(field.type, StructType):
        require_declared(world, field.type)
        field.is_inline_struct = True
    elif not isinstance(field.type, PLAIN_MEMBERS):
        reader.refuse(
            field.span,
            f"a @struct cannot hold a {field.type}: only integers, bool, addresses, pointers, arrays and structs",
        )
        return
    if shape == "bits":
        add_bits(reader, field, count)
    elif shape == "padding":
        field.is_padding, field.length, field.type = True, count or 0, U8
    info.fields[field.name] = field


def add_bits(reader: AnnotationReader, field: StructFieldInfo, count: int | None) -> None:
    unit = field.type.bits if isinstance(field.type, IntegerType) else 8 if isinstance(field.type, BoolType) else 0
    if count is None or not 0 < count <= unit:
        reader.refuse(field.span, f"a bit field of {field.type} has between 1 and {unit} bits")
        return
    field.bit_width = count


def member_shape(reader: AnnotationReader, value: tree.Expression | None) -> tuple[str | None, int | None]:
    """('bits', 3) for `= bits(3)` and so on."""
    if value is None:
        return None, None
    if isinstance(value, tree.Call):
        symbol = reader.resolve_dotted(value.function)
        if isinstance(symbol, VocabularySymbol) and symbol.name in {"array_field", "struct_field", "bits", "padding"}:
            count = fold_node(reader, value.arguments[0]) if value.arguments else None
            if value.arguments and not isinstance(count, int):
                reader.refuse(value.span, "this size must be a constant")
            return symbol.name, count if isinstance(count, int) else None
    reader.refuse(
        value.span, "a @struct member has no default: only array_field, struct_field, bits and padding describe it"
    )
    return None, None


def require_declared(world: World, kind: Type) -> None:
    """An inline struct's own layout must be known first."""
    if isinstance(kind, StructType) and not kind.info.fields:
        declare_struct(world, world.modules[kind.info.module], kind.info)


def declare_function_pointer(world: World, scope: ModuleScope, info: FunctionPointerInfo) -> None:
    """Read the `__call__` of a class deriving from FunctionPointer."""
    reader = AnnotationReader(world, scope)
    definition = next(s for s in scope.module.body if isinstance(s, tree.ClassDefinition) and s.name == info.name)
    for statement in definition.body:
        if isinstance(statement, tree.FunctionDefinition) and statement.name == "__call__":
            parameters = statement.parameters.regular + statement.parameters.positional_only
            info.parameters = tuple(reader.read(p.annotation) for p in parameters[1:] if p.annotation is not None)
            info.result = reader.read(statement.returns) if statement.returns is not None else info.result
            info.is_microsoft_x64 = any(decorator_name(reader, d) == "microsoft_x64" for d in statement.decorators)
            return
    reader.refuse(info.span, f"`{info.name}` needs a `__call__` method that says what it takes and returns")


def options_of(reader: AnnotationReader, node: tree.Expression) -> dict[str, object]:
    return keyword_options(reader, node)
