"""First half of binding: which names each scope binds, reads and declares.

Walks a module once in CPython's order (`Python/symtable.c`), opening a scope where CPython opens one and evaluating
in the enclosing scope what CPython evaluates there: decorators, defaults, annotations, base classes, and the first
iterable of a comprehension. Under `from __future__ import annotations` annotations are not evaluated, so the names in
them bind nothing and capture nothing; they are kept aside and checked for existence only.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from compiler.diagnostics.span import Span
from compiler.resolve.scopes import Scope, ScopeKind, ScopeNode, mangled
from compiler.resolve.symbols import Symbol
from compiler.resolve.type_checking import is_not_type_checking, is_type_checking
from compiler.syntax import tree

_COMPREHENSION_NAMES: dict[type, str] = {
    tree.ListComprehension: "listcomp",
    tree.SetComprehension: "setcomp",
    tree.DictComprehension: "dictcomp",
    tree.GeneratorExpression: "genexpr",
}
# The name CPython gives the first iterable, which the enclosing scope passes in.
FIRST_ITERABLE = ".0"


@dataclasses.dataclass(frozen=True, slots=True)
class Mention:
    """One place that reads a name, for the reports made when everything is known.

    `is_annotation` says where it stands, `is_evaluated` whether the program computes its value there.
    """

    scope: Scope
    name: tree.Name
    is_annotation: bool
    is_evaluated: bool


@dataclasses.dataclass(slots=True, eq=False)
class Collected:
    """The raw material of one module, before names are classified."""

    module: Scope
    by_node: dict[tree.Node, Scope]
    type_parameter_scopes: dict[tree.Node, Scope]
    mentions: list[Mention]
    calls: list[tuple[Scope, tree.Call]]


def collect_names(module: tree.Module) -> Collected:
    """The scopes of a module with their bindings and uses, not yet classified."""
    collector = _Collector(module)
    collector.block(module.body)
    return collector.collected


class _Collector:
    """The walk; `scope` is the scope being filled."""

    def __init__(self, module: tree.Module) -> None:
        self.scope = Scope(ScopeKind.MODULE, "top", module, None, None)
        self.collected = Collected(self.scope, {module: self.scope}, {}, [], [])
        self.annotations_are_text = _has_future_annotations(module)
        self.in_annotation = False
        self.is_unevaluated = False
        self.is_type_only = False

    # --- names ---

    def symbol(self, identifier: str) -> Symbol:
        name = mangled(identifier, self.scope.private_class)
        symbol = self.scope.symbols.get(name)
        if symbol is None:
            symbol = self.scope.symbols[name] = Symbol(name)
        return symbol

    def bind(self, identifier: str, span: Span) -> Symbol:
        symbol = self.symbol(identifier)
        if not symbol.is_bound:
            symbol.is_bound = True
            symbol.binding_span = span
            symbol.is_type_only = self.is_type_only
        elif not self.is_type_only:
            symbol.is_type_only = False
        return symbol

    def use(self, node: tree.Name) -> None:
        is_evaluated = not (self.is_unevaluated or (self.in_annotation and self.annotations_are_text))
        self.collected.mentions.append(Mention(self.scope, node, self.in_annotation, is_evaluated))
        if self.in_annotation and self.annotations_are_text:
            return
        symbol = self.symbol(node.identifier)
        if not symbol.is_used:
            symbol.is_used = True
            symbol.use_span = node.span
        if node.identifier == "super" and self.scope.kind is ScopeKind.FUNCTION:
            self.symbol("__class__").is_used = True  # `super()` reads the class it stands in

    def bind_target(self, target: tree.Expression) -> None:
        match target:
            case tree.Name():
                self.bind(target.identifier, target.span)
            case tree.TupleDisplay() | tree.ListDisplay():
                for element in target.elements:
                    self.bind_target(element)
            case tree.Starred():
                self.bind_target(target.value)
            case _:
                self.visit(target)

    # --- scopes ---

    def open(self, kind: ScopeKind, name: str, node: ScopeNode, private_class: str | None) -> Scope:
        """Enter a scope; the caller restores `self.scope` to the parent."""
        scope = Scope(kind, name, node, self.scope, private_class)
        self.scope.children.append(scope)
        self.scope = scope
        return scope

    def open_for(self, kind: ScopeKind, name: str, node: ScopeNode, private_class: str | None) -> None:
        self.collected.by_node[node] = self.open(kind, name, node, private_class)

    def close(self) -> None:
        assert self.scope.parent is not None
        self.scope = self.scope.parent

    def open_type_parameters(
        self, node: tree.FunctionDefinition | tree.ClassDefinition | tree.TypeAlias, name: str
    ) -> bool:
        if not node.type_parameters:
            return False
        private = node.name if isinstance(node, tree.ClassDefinition) else self.scope.private_class
        scope = self.open(ScopeKind.TYPE_PARAMETERS, name, node, private)
        self.collected.type_parameter_scopes[node] = scope
        for parameter in node.type_parameters:
            self.bind(parameter.name, parameter.span)
        for parameter in node.type_parameters:
            self.visit_optional(parameter.bound)
            self.visit_optional(parameter.default)
        return True

    # --- statements ---

    def block(self, body: Iterable[tree.Statement]) -> None:
        for statement in body:
            self.visit(statement)

    def visit(self, node: tree.Node) -> None:
        _VISITORS[type(node)](self, node)

    def visit_all(self, nodes: Iterable[tree.Node]) -> None:
        for node in nodes:
            _VISITORS[type(node)](self, node)

    def visit_optional(self, node: tree.Node | None) -> None:
        if node is not None:
            self.visit(node)

    def annotation(self, node: tree.Expression | None) -> None:
        if node is None:
            return
        self.in_annotation = True  # annotations do not nest
        self.visit(node)
        self.in_annotation = False

    def local_annotation(self, node: tree.Expression) -> None:
        """The annotation of a variable, which functions do not evaluate (PEP 526)."""
        outer = self.is_unevaluated
        self.is_unevaluated = outer or self.scope.kind is ScopeKind.FUNCTION
        self.annotation(node)
        self.is_unevaluated = outer

    def children(self, node: tree.Node) -> None:
        """The default: everything below the node, in field order."""
        for name in _CHILD_FIELDS[type(node)]:
            value = getattr(node, name)
            if isinstance(value, tuple):
                for item in value:
                    if isinstance(item, tree.Node):
                        self.visit(item)
            elif isinstance(value, tree.Node):
                self.visit(value)

    def function(self, node: tree.FunctionDefinition) -> None:
        self.bind(node.name, node.name_span)
        has_own = self.open_type_parameters(node, node.name)
        self.defaults(node.parameters)
        for parameter in _annotation_order(node.parameters):
            self.annotation(parameter.annotation)
        self.annotation(node.returns)
        self.decorators(node, has_own)
        self.open_for(ScopeKind.FUNCTION, node.name, node, self.scope.private_class)
        self.parameters(node.parameters)
        self.block(node.body)
        self.close()
        if has_own:
            self.close()

    def decorators(self, node: tree.FunctionDefinition | tree.ClassDefinition, has_own: bool) -> None:
        """Decorators run outside the scope of the type parameters."""
        inner = self.scope
        if has_own:
            self.close()
        self.visit_all(node.decorators)
        self.scope = inner

    def defaults(self, parameters: tree.Parameters) -> None:
        for parameter in parameters.all():
            self.visit_optional(parameter.default)

    def parameters(self, parameters: tree.Parameters) -> None:
        for parameter in parameters.all():
            self.bind(parameter.name, parameter.span).is_parameter = True

    def lambda_(self, node: tree.Lambda) -> None:
        self.defaults(node.parameters)
        self.open_for(ScopeKind.LAMBDA, "lambda", node, self.scope.private_class)
        self.parameters(node.parameters)
        self.visit(node.body)
        self.close()

    def class_(self, node: tree.ClassDefinition) -> None:
        self.bind(node.name, node.name_span)
        has_own = self.open_type_parameters(node, node.name)
        self.visit_all(node.bases)
        self.visit_all(node.keywords)
        self.decorators(node, has_own)
        self.open_for(ScopeKind.CLASS, node.name, node, node.name)
        self.block(node.body)
        self.close()
        if has_own:
            self.close()

    def comprehension(self, node: tree.Comprehension) -> None:
        first = node.clauses[0]
        self.visit(first.iterable)
        self.open_for(ScopeKind.COMPREHENSION, _COMPREHENSION_NAMES[type(node)], node, self.scope.private_class)
        self.scope.is_generator = isinstance(node, tree.GeneratorExpression)
        self.bind(FIRST_ITERABLE, first.iterable.span).is_parameter = True
        for clause in node.clauses:
            if clause is not first:
                self.visit(clause.iterable)
            self.bind_target(clause.target)
            self.visit_all(clause.conditions)
        if isinstance(node, tree.DictComprehension):
            self.visit(node.value)
            self.visit(node.key)
        else:
            self.visit(node.element)
        self.close()

    def named_expression(self, node: tree.NamedExpression) -> None:
        if self.scope.kind is ScopeKind.COMPREHENSION:
            self.bind_beyond_comprehensions(node.target)
        self.visit(node.value)
        self.bind(node.target.identifier, node.target.span)

    def bind_beyond_comprehensions(self, target: tree.Name) -> None:
        """`:=` inside comprehensions binds in the function or module around them (PEP 572)."""
        inner = self.scope
        while self.scope.kind is ScopeKind.COMPREHENSION:
            self.close()
        symbol = self.bind(target.identifier, target.span)
        is_global = symbol.is_declared_global or self.scope.kind is ScopeKind.MODULE
        self.scope = inner
        here = self.symbol(target.identifier)
        here.is_declared_global, here.is_declared_nonlocal = is_global, not is_global

    def assign(self, node: tree.Assign) -> None:
        for target in node.targets:
            self.bind_target(target)
        self.visit(node.value)

    def annotated_assign(self, node: tree.AnnotatedAssign) -> None:
        match node.target:
            case tree.Name() as name if node.value is not None or node.is_simple:
                symbol = self.bind(name.identifier, name.span)
                symbol.is_annotated = symbol.is_annotated or node.is_simple
            case tree.Name():
                pass
            case target:
                self.visit(target)
        self.local_annotation(node.annotation)
        self.visit_optional(node.value)

    def augmented_assign(self, node: tree.AugmentedAssign) -> None:
        if isinstance(node.target, tree.Name):
            self.bind(node.target.identifier, node.target.span)
        else:
            self.visit(node.target)
        self.visit(node.value)

    def for_(self, node: tree.For) -> None:
        self.bind_target(node.target)
        self.visit(node.iterable)
        self.block(node.body)
        self.block(node.otherwise)

    def with_item(self, node: tree.WithItem) -> None:
        self.visit(node.manager)
        if node.target is not None:
            self.bind_target(node.target)

    def delete(self, node: tree.Delete) -> None:
        for target in node.targets:
            self.bind_target(target)

    def if_(self, node: tree.If) -> None:
        """A branch only type checkers take binds names that have no value."""
        self.visit(node.condition)
        self.branch(node.body, is_type_checking(node.condition))
        self.branch(node.otherwise, is_not_type_checking(node.condition))

    def branch(self, body: tuple[tree.Statement, ...], is_type_only: bool) -> None:
        outer = self.is_type_only
        self.is_type_only = outer or is_type_only
        self.block(body)
        self.is_type_only = outer

    def try_(self, node: tree.Try) -> None:
        self.block(node.body)
        self.block(node.otherwise)
        self.visit_all(node.handlers)
        self.block(node.final)

    def handler(self, node: tree.ExceptHandler) -> None:
        self.visit_optional(node.kind)
        if node.name is not None:
            self.bind(node.name, node.span)
        self.block(node.body)

    def import_(self, node: tree.Import | tree.ImportFrom) -> None:
        for alias in node.names:
            bound = alias.bound_as or alias.name
            if isinstance(node, tree.Import) and alias.bound_as is None:
                bound = bound.partition(".")[0]
            self.bind(bound, alias.span).is_imported = True

    def global_(self, node: tree.Global) -> None:
        """The name becomes a variable of the module even when only this function binds it."""
        here, module = self.scope, self.collected.module
        for name in node.names:
            symbol = self.symbol(name)
            symbol.is_declared_global = here is not module
            if symbol.name not in module.symbols:
                module.symbols[symbol.name] = Symbol(symbol.name, is_declared_global=True)

    def nonlocal_(self, node: tree.Nonlocal) -> None:
        for name in node.names:
            self.symbol(name).is_declared_nonlocal = True

    def type_alias(self, node: tree.TypeAlias) -> None:
        self.bind_target(node.name)
        has_own = self.open_type_parameters(node, node.name.identifier)
        self.visit(node.value)
        if has_own:
            self.close()

    # --- the rest ---

    def yield_(self, node: tree.Yield | tree.YieldFrom) -> None:
        self.scope.is_generator = True
        self.visit_optional(node.value)

    def call(self, node: tree.Call) -> None:
        if isinstance(node.function, tree.Name):
            self.collected.calls.append((self.scope, node))
        self.visit(node.function)
        self.visit_all(node.arguments)
        self.visit_all(node.keywords)

    def capture(self, node: tree.CapturePattern | tree.StarPattern) -> None:
        if node.name is not None:
            self.bind(node.name, node.span)

    def as_pattern(self, node: tree.AsPattern) -> None:
        self.visit(node.pattern)
        self.bind(node.name, node.span)

    def mapping_pattern(self, node: tree.MappingPattern) -> None:
        self.visit_all(node.keys)
        self.visit_all(node.patterns)
        if node.rest is not None:
            self.bind(node.rest, node.span)


def _annotation_order(parameters: tree.Parameters) -> list[tree.Parameter]:
    """CPython visits `*args` and `**kwargs` before the keyword-only parameters."""
    starred = [one for one in (parameters.variadic, parameters.keyword_variadic) if one is not None]
    return [*parameters.positional_only, *parameters.regular, *starred, *parameters.keyword_only]


def _has_future_annotations(module: tree.Module) -> bool:
    return any(
        isinstance(statement, tree.ImportFrom)
        and statement.module == "__future__"
        and any(alias.name == "annotations" for alias in statement.names)
        for statement in module.body
    )


def _node_classes() -> list[type[tree.Node]]:
    return [one for one in vars(tree).values() if isinstance(one, type) and issubclass(one, tree.Node)]


_CHILD_FIELDS: dict[type, tuple[str, ...]] = {
    node_class: tuple(one.name for one in dataclasses.fields(node_class) if one.name != "span")
    for node_class in _node_classes()
}
_VISITORS: dict[type, Callable[[_Collector, Any], None]] = {
    **dict.fromkeys(_CHILD_FIELDS, _Collector.children),
    tree.Name: _Collector.use,
    tree.FunctionDefinition: _Collector.function,
    tree.Lambda: _Collector.lambda_,
    tree.ClassDefinition: _Collector.class_,
    tree.ListComprehension: _Collector.comprehension,
    tree.SetComprehension: _Collector.comprehension,
    tree.DictComprehension: _Collector.comprehension,
    tree.GeneratorExpression: _Collector.comprehension,
    tree.NamedExpression: _Collector.named_expression,
    tree.Assign: _Collector.assign,
    tree.AnnotatedAssign: _Collector.annotated_assign,
    tree.AugmentedAssign: _Collector.augmented_assign,
    tree.For: _Collector.for_,
    tree.WithItem: _Collector.with_item,
    tree.Delete: _Collector.delete,
    tree.If: _Collector.if_,
    tree.Try: _Collector.try_,
    tree.ExceptHandler: _Collector.handler,
    tree.Import: _Collector.import_,
    tree.ImportFrom: _Collector.import_,
    tree.Global: _Collector.global_,
    tree.Nonlocal: _Collector.nonlocal_,
    tree.TypeAlias: _Collector.type_alias,
    tree.Yield: _Collector.yield_,
    tree.YieldFrom: _Collector.yield_,
    tree.Call: _Collector.call,
    tree.CapturePattern: _Collector.capture,
    tree.StarPattern: _Collector.capture,
    tree.AsPattern: _Collector.as_pattern,
    tree.MappingPattern: _Collector.mapping_pattern,
}
