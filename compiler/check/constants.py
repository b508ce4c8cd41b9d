"""Compile-time evaluation: runs typed trees on constant nodes.

A constant is itself a typed expression (Literal, MakeTuple, MakeTable, MakeList, StaticObject, MakeStruct,
NewArray, EnumMember, FunctionValue, Convert of one), so the result of an evaluation can stand wherever an initial
value is wanted. What cannot be computed here (memory, machine operations, anything endless) gives up with
`NotConstant`; the caller then says so at the place that needed a constant.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

from compiler.check import typed_tree as typed
from compiler.check.scope import CheckError, Scope
from compiler.check.typed_tree import ArithmeticOperator, ComparisonOperator, ConversionKind
from compiler.type_system.kinds import BOOL, AddressType, ClassType, EnumType, IntegerType, NoneType, PointerType, Type

STEP_LIMIT = 200_000
DEPTH_LIMIT = 100


class NotConstant(Exception):
    """The expression needs the running program."""


class Returned(Exception):
    """A `return` of the function being evaluated."""

    def __init__(self, value: typed.Expression | None) -> None:
        super().__init__()
        self.value = value


class LoopBreak(Exception):
    """`break`."""


class LoopContinue(Exception):
    """`continue`."""


def constant_of(scope: Scope, value: typed.Expression) -> typed.Expression | None:
    """The constant an expression computes, or None when it cannot be computed at compile time."""
    try:
        return Evaluator(scope).value(value)
    except (NotConstant, Returned, LoopBreak, LoopContinue, CheckError, RecursionError):
        return None


INTEGER_OPERATIONS: dict[ArithmeticOperator, Callable[[int, int], int]] = {
    ArithmeticOperator.ADD: operator.add,
    ArithmeticOperator.SUBTRACT: operator.sub,
    ArithmeticOperator.MULTIPLY: operator.mul,
    ArithmeticOperator.FLOOR_DIVIDE: operator.floordiv,
    ArithmeticOperator.MODULO: operator.mod,
    ArithmeticOperator.AND: operator.and_,
    ArithmeticOperator.OR: operator.or_,
    ArithmeticOperator.XOR: operator.xor,
    ArithmeticOperator.SHIFT_RIGHT: operator.rshift,
}
COMPARISONS: dict[ComparisonOperator, Callable[[int, int], bool]] = {
    ComparisonOperator.EQUAL: operator.eq,
    ComparisonOperator.NOT_EQUAL: operator.ne,
    ComparisonOperator.LESS: operator.lt,
    ComparisonOperator.LESS_EQUAL: operator.le,
    ComparisonOperator.GREATER: operator.gt,
    ComparisonOperator.GREATER_EQUAL: operator.ge,
}
TRANSPARENT = (ConversionKind.UPCAST, ConversionKind.DOWNCAST, ConversionKind.OPTIONAL_UPCAST)
UNWRAPPING = (ConversionKind.UNWRAP_OPTIONAL, ConversionKind.UNWRAP_OPTIONAL_CHECKED)


class Evaluator:
    """One evaluation with its budget of steps."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.world = scope.world
        self.frame: dict[typed.Variable, typed.Expression] = {}
        self.steps = 0
        self.depth = 0
        self.created: set[int] = set()
        """Identities of objects this evaluation made: only those may it change, or the order of imports would show."""

    def spend(self) -> None:
        self.steps += 1
        if self.steps > STEP_LIMIT:
            raise NotConstant

    # --- expressions ------------------------------------------------------------------------------------------------

    def value(self, node: typed.Expression) -> typed.Expression:
        """The constant node for an expression."""
        self.spend()
        rule = VALUE_RULES.get(type(node))
        if rule is None:
            raise NotConstant
        return rule(self, node)

    def itself(self, node: typed.Expression) -> typed.Expression:
        return node

    def local(self, node: typed.LocalRead) -> typed.Expression:
        if node.variable not in self.frame:
            raise NotConstant
        return self.frame[node.variable]

    def global_value(self, node: typed.GlobalRead) -> typed.Expression:
        initial = node.variable.initial
        if initial is None or not node.variable.is_constant:
            raise NotConstant
        return initial

    def tuple_value(self, node: typed.MakeTuple) -> typed.Expression:
        return typed.MakeTuple(node.type, node.span, [self.value(item) for item in node.items])

    def table(self, node: typed.MakeTable) -> typed.Expression:
        return typed.MakeTable(node.type, node.span, [self.value(item) for item in node.items])

    def list_value(self, node: typed.MakeList) -> typed.Expression:
        items = [self.value(item) for item in node.items]
        made = typed.MakeList(node.type, node.span, items, node.construct, node.append)
        self.created.add(id(made))
        return made

    def tuple_item(self, node: typed.TupleItem) -> typed.Expression:
        whole = self.value(node.tuple)
        if not isinstance(whole, typed.MakeTuple):
            raise NotConstant
        return whole.items[node.index]

    def array(self, node: typed.NewArray) -> typed.Expression:
        return typed.NewArray(node.type, node.span, self.value(node.length), node.alignment)

    def struct(self, node: typed.MakeStruct) -> typed.Expression:
        return typed.MakeStruct(node.type, node.span, node.info, [(field, self.value(v)) for field, v in node.values])

    def arithmetic(self, node: typed.Arithmetic | typed.MixedArithmetic) -> typed.Expression:
        left, right = self.number(node.left), self.number(node.right)
        if node.operator is ArithmeticOperator.SHIFT_LEFT and 0 <= right < 4096:
            return self.integer(node.type, left << right, node)
        compute = INTEGER_OPERATIONS.get(node.operator)
        divides = node.operator in (ArithmeticOperator.FLOOR_DIVIDE, ArithmeticOperator.MODULO)
        if (
            compute is None
            or (divides and right == 0)
            or (node.operator is ArithmeticOperator.SHIFT_RIGHT and right < 0)
        ):
            raise NotConstant
        return self.integer(node.type, compute(left, right), node)

    def wrapping(self, node: typed.WrappingArithmetic) -> typed.Expression:
        kind = node.type
        if node.operator not in INTEGER_OPERATIONS or not isinstance(kind, IntegerType):
            raise NotConstant
        exact = INTEGER_OPERATIONS[node.operator](self.number(node.left), self.number(node.right)) & (
            (1 << kind.bits) - 1
        )
        return typed.Literal(kind, node.span, exact - (1 << kind.bits) if kind.signed and exact > kind.high else exact)

    def number(self, node: typed.Expression) -> int:
        value = self.value(node)
        if isinstance(value, typed.Literal) and isinstance(value.value, int):
            return value.value
        raise NotConstant

    def integer(self, kind: Type, number: int, node: typed.Expression) -> typed.Expression:
        if kind == BOOL:
            return typed.Literal(BOOL, node.span, bool(number))
        if not isinstance(kind, IntegerType) or not kind.low <= number <= kind.high:
            raise NotConstant
        return typed.Literal(kind, node.span, number)

    def negate(self, node: typed.Negate) -> typed.Expression:
        return self.integer(node.type, -self.number(node.operand), node)

    def invert(self, node: typed.Invert) -> typed.Expression:
        kind = node.type
        number = ~self.number(node.operand)
        return self.integer(
            kind, number & kind.high if isinstance(kind, IntegerType) and not kind.signed else number, node
        )

    def compare(self, node: typed.Compare) -> typed.Expression:
        result = COMPARISONS[node.operator](self.number(node.left), self.number(node.right))
        return typed.Literal(BOOL, node.span, result)

    def condition(self, node: typed.Expression) -> bool:
        return bool(self.number(node))

    def negation(self, node: typed.Not) -> typed.Expression:
        return typed.Literal(BOOL, node.span, not self.condition(node.operand))

    def short_circuit(self, node: typed.ShortCircuit) -> typed.Expression:
        left = self.condition(node.left)
        return typed.Literal(BOOL, node.span, left if left != node.is_and else self.condition(node.right))

    def choice(self, node: typed.Conditional) -> typed.Expression:
        return self.value(node.when_true if self.condition(node.condition) else node.when_false)

    def is_none(self, node: typed.IsNone) -> typed.Expression:
        value = self.value(node.operand)
        return typed.Literal(BOOL, node.span, is_none_constant(value))

    def convert(self, node: typed.Convert) -> typed.Expression:
        operand = self.value(node.operand)
        if node.kind in TRANSPARENT:
            return typed.Convert(node.type, node.span, node.kind, operand)
        if node.kind in UNWRAPPING:
            if isinstance(operand, typed.Convert) and operand.kind is ConversionKind.WRAP_OPTIONAL:
                return operand.operand
            raise NotConstant
        return self.converted_number(node, operand)

    def converted_number(self, node: typed.Convert, operand: typed.Expression) -> typed.Expression:
        if isinstance(operand, typed.Literal) and isinstance(operand.value, int) and isinstance(node.type, IntegerType):
            number = int(operand.value)
            if node.kind is ConversionKind.INTEGER_TRUNCATE:
                number &= (1 << node.type.bits) - 1
                number -= (1 << node.type.bits) if node.type.signed and number > node.type.high else 0
            return self.integer(node.type, number, node)
        if isinstance(node.type, AddressType | PointerType) or node.kind.name.endswith("OPTIONAL"):
            return typed.Convert(node.type, node.span, node.kind, operand)
        raise NotConstant

    def enum_value(self, node: typed.EnumValue) -> typed.Expression:
        member = self.value(node.operand)
        if not isinstance(member, typed.EnumMember):
            raise NotConstant
        assert isinstance(member.type, EnumType)
        return typed.Literal(node.type, node.span, member.type.info.values[member.position])

    def sequence(self, node: typed.Sequence) -> typed.Expression:
        self.run(node.statements)
        return self.value(node.value)

    def length(self, node: typed.ArrayLength) -> typed.Expression:
        array = self.value(node.array)
        if isinstance(array, typed.MakeTable):
            return typed.Literal(node.type, node.span, len(array.items))
        if isinstance(array, typed.NewArray):
            return self.value(array.length)
        raise NotConstant

    def item(self, node: typed.ArrayRead) -> typed.Expression:
        array, index = self.value(node.array), self.number(node.index)
        if isinstance(array, typed.MakeTable) and -len(array.items) <= index < len(array.items):
            return array.items[index]
        raise NotConstant

    # --- objects ----------------------------------------------------------------------------------------------------

    def construct(self, node: typed.Construct) -> typed.Expression:
        """A new static object; its constructor runs here."""
        assert isinstance(node.type, ClassType)
        if node.type.info.builtin_name is not None:
            raise NotConstant
        made = typed.StaticObject(node.type, node.span, [])
        self.created.add(id(made))
        for field, owner, default in node.field_defaults:
            made.fields.append((field, owner, self.value(default)))
        if node.initialiser is not None:
            self.call(node.initialiser, [made, *(self.value(argument) for argument in node.arguments)])
        return made

    def field(self, node: typed.FieldRead) -> typed.Expression:
        owner = strip(self.value(node.object))
        if isinstance(owner, typed.StaticObject):
            for field, _, value in owner.fields:
                if field is node.field:
                    return value
        raise NotConstant

    def call_function(self, node: typed.CallFunction) -> typed.Expression:
        arguments = [self.value(argument) for argument in node.arguments]
        return self.call(node.function, arguments)

    def call(self, function: typed.FunctionInstance, arguments: list[typed.Expression]) -> typed.Expression:
        """Run a function of the program on constants."""
        special = self.list_method(function, arguments)
        if special is not None:
            return special
        body = self.body_of(function)
        if self.depth >= DEPTH_LIMIT:
            raise NotConstant
        saved, self.frame = self.frame, dict(zip(function.parameters, arguments, strict=True))
        self.depth += 1
        try:
            self.run(body)
        except Returned as returned:
            if returned.value is not None:
                return returned.value
        finally:
            self.frame = saved
            self.depth -= 1
        if not isinstance(function.result, NoneType):
            raise NotConstant
        return typed.Literal(function.result, function.info.span, None)

    def body_of(self, function: typed.FunctionInstance) -> list[typed.Statement]:
        if (
            not self.scope.rules.ensure_checked(self.world, self.scope.rules, function)
            or function.naked_text is not None
        ):
            raise NotConstant
        if function.markers.external is not None:
            raise NotConstant
        return function.body

    def list_method(
        self, function: typed.FunctionInstance, arguments: list[typed.Expression]
    ) -> typed.Expression | None:
        """Lists are evaluated as lists, not through their implementation."""
        owner = function.receiver
        if not (isinstance(owner, ClassType) and owner.info.builtin_name == "list"):
            return None
        target = arguments[0]
        if not isinstance(target, typed.MakeList):
            raise NotConstant
        name = function.info.name
        if name == "append" and id(target) in self.created:
            target.items.append(arguments[1])
            return typed.Literal(function.result, target.span, None)
        if name == "__len__":
            return typed.Literal(function.result, target.span, len(target.items))
        if name == "__getitem__":
            index = self.number(arguments[1])
            if -len(target.items) <= index < len(target.items):
                return target.items[index]
        raise NotConstant

    # --- statements -------------------------------------------------------------------------------------------------

    def run(self, statements: list[typed.Statement]) -> None:
        for statement in statements:
            self.spend()
            rule = STATEMENT_RULES.get(type(statement))
            if rule is None:
                raise NotConstant
            rule(self, statement)

    def evaluate(self, node: typed.Evaluate) -> None:
        self.value(node.expression)

    def assign_local(self, node: typed.AssignLocal) -> None:
        self.frame[node.variable] = self.value(node.value)

    def assign_field(self, node: typed.AssignField) -> None:
        value = self.value(node.value)
        owner = strip(self.value(node.object))
        if not isinstance(owner, typed.StaticObject) or id(owner) not in self.created:
            raise NotConstant
        owner.fields[:] = [entry for entry in owner.fields if entry[0] is not node.field]
        owner.fields.append((node.field, node.owner, value))

    def branch(self, node: typed.If) -> None:
        self.run(node.body if self.condition(node.condition) else node.otherwise)

    def loop(self, node: typed.While) -> None:
        while self.condition(node.condition):
            try:
                self.run(node.body)
            except LoopBreak:
                return
            except LoopContinue:
                continue
        self.run(node.otherwise)

    def count(self, node: typed.ForRange) -> None:
        start, stop, step = self.number(node.start), self.number(node.stop), self.number(node.step)
        for number in range(start, stop, step):
            self.frame[node.variable] = typed.Literal(node.variable.type, node.span, number)
            try:
                self.run(node.body)
            except LoopBreak:
                return
            except LoopContinue:
                continue
        self.run(node.otherwise)

    def give_back(self, node: typed.Return) -> None:
        raise Returned(self.value(node.value) if node.value is not None else None)

    def leave_loop(self, node: typed.Break) -> None:
        raise LoopBreak

    def next_round(self, node: typed.Continue) -> None:
        raise LoopContinue


def strip(value: typed.Expression) -> typed.Expression:
    """The object under conversions that do not change it."""
    while isinstance(value, typed.Convert) and (
        value.kind in TRANSPARENT or value.kind is ConversionKind.WRAP_OPTIONAL
    ):
        value = value.operand
    return value


def is_none_constant(value: typed.Expression) -> bool:
    if isinstance(value, typed.Convert):
        return value.kind is ConversionKind.NONE_TO_OPTIONAL or is_none_constant(value.operand)
    return isinstance(value, typed.Literal) and value.value is None


VALUE_RULES: dict[
    type, Callable[[Evaluator, typed.Expression], typed.Expression]
] = {  # one row per node that can be constant
    typed.Literal: Evaluator.itself,
    typed.EnumMember: Evaluator.itself,
    typed.FunctionValue: Evaluator.itself,
    typed.StaticObject: Evaluator.itself,
    typed.LocalRead: Evaluator.local,  # type: ignore[dict-item]
    typed.GlobalRead: Evaluator.global_value,  # type: ignore[dict-item]
    typed.MakeTuple: Evaluator.tuple_value,  # type: ignore[dict-item]
    typed.MakeTable: Evaluator.table,  # type: ignore[dict-item]
    typed.MakeList: Evaluator.list_value,  # type: ignore[dict-item]
    typed.TupleItem: Evaluator.tuple_item,  # type: ignore[dict-item]
    typed.NewArray: Evaluator.array,  # type: ignore[dict-item]
    typed.MakeStruct: Evaluator.struct,  # type: ignore[dict-item]
    typed.Arithmetic: Evaluator.arithmetic,  # type: ignore[dict-item]
    typed.MixedArithmetic: Evaluator.arithmetic,  # type: ignore[dict-item]
    typed.WrappingArithmetic: Evaluator.wrapping,  # type: ignore[dict-item]
    typed.Negate: Evaluator.negate,  # type: ignore[dict-item]
    typed.Invert: Evaluator.invert,  # type: ignore[dict-item]
    typed.Compare: Evaluator.compare,  # type: ignore[dict-item]
    typed.Not: Evaluator.negation,  # type: ignore[dict-item]
    typed.ShortCircuit: Evaluator.short_circuit,  # type: ignore[dict-item]
    typed.Conditional: Evaluator.choice,  # type: ignore[dict-item]
    typed.IsNone: Evaluator.is_none,  # type: ignore[dict-item]
    typed.Convert: Evaluator.convert,  # type: ignore[dict-item]
    typed.EnumValue: Evaluator.enum_value,  # type: ignore[dict-item]
    typed.Sequence: Evaluator.sequence,  # type: ignore[dict-item]
    typed.ArrayLength: Evaluator.length,  # type: ignore[dict-item]
    typed.ArrayRead: Evaluator.item,  # type: ignore[dict-item]
    typed.Construct: Evaluator.construct,  # type: ignore[dict-item]
    typed.FieldRead: Evaluator.field,  # type: ignore[dict-item]
    typed.CallFunction: Evaluator.call_function,  # type: ignore[dict-item]
}
STATEMENT_RULES: dict[type, Callable[[Evaluator, typed.Statement], None]] = {
    typed.Evaluate: Evaluator.evaluate,  # type: ignore[dict-item]
    typed.AssignLocal: Evaluator.assign_local,  # type: ignore[dict-item]
    typed.AssignField: Evaluator.assign_field,  # type: ignore[dict-item]
    typed.If: Evaluator.branch,  # type: ignore[dict-item]
    typed.While: Evaluator.loop,  # type: ignore[dict-item]
    typed.ForRange: Evaluator.count,  # type: ignore[dict-item]
    typed.Return: Evaluator.give_back,  # type: ignore[dict-item]
    typed.Break: Evaluator.leave_loop,  # type: ignore[dict-item]
    typed.Continue: Evaluator.next_round,  # type: ignore[dict-item]
}
