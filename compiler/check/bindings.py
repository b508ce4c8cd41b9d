"""Which names a target binds."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.syntax import tree


def target_names(target: tree.Expression) -> Iterator[str]:
    """The plain names in an assignment target."""
    match target:
        case tree.Name(identifier=name):
            yield name
        case tree.TupleDisplay(elements=elements) | tree.ListDisplay(elements=elements):
            for element in elements:
                yield from target_names(element)
        case tree.Starred(value=value):
            yield from target_names(value)


def assigned_names(body: tuple[tree.Statement, ...]) -> Iterator[str]:
    """Names that the statements (not inner functions) assign, for what a loop may change."""
    for statement in body:
        yield from statement_names(statement)


def statement_names(statement: tree.Statement) -> Iterator[str]:
    match statement:
        case tree.Assign(targets=targets):
            for target in targets:
                yield from target_names(target)
        case tree.AnnotatedAssign(target=target) | tree.AugmentedAssign(target=target):
            yield from target_names(target)
        case tree.For(target=target, body=body, otherwise=otherwise):
            yield from target_names(target)
            yield from assigned_names(body + otherwise)
        case tree.While(body=body, otherwise=otherwise) | tree.If(body=body, otherwise=otherwise):
            yield from assigned_names(body + otherwise)
        case tree.With(items=items, body=body):
            for item in items:
                if item.target is not None:
                    yield from target_names(item.target)
            yield from assigned_names(body)
        case tree.Try(body=body, handlers=handlers, otherwise=otherwise, final=final):
            yield from assigned_names(body + otherwise + final)
            for handler in handlers:
                if handler.name is not None:
                    yield handler.name
                yield from assigned_names(handler.body)
        case tree.Match(cases=cases):
            for case in cases:
                yield from pattern_names(case.pattern)
                yield from assigned_names(case.body)
    yield from walrus_names(statement)


def pattern_names(pattern: tree.Pattern) -> Iterator[str]:
    match pattern:
        case tree.CapturePattern(name=name):
            yield name
        case tree.AsPattern(pattern=inner, name=name):
            yield from pattern_names(inner)
            yield name
        case tree.OrPattern(patterns=patterns) | tree.SequencePattern(patterns=patterns):
            for part in patterns:
                yield from pattern_names(part)


def walrus_names(statement: tree.Statement) -> Iterator[str]:
    """Names bound by `:=` in the conditions and values of a statement."""
    for value in (getattr(statement, name, None) for name in ("condition", "value", "iterable", "subject")):
        yield from walrus_in(value)


def walrus_in(node: object) -> Iterator[str]:
    match node:
        case tree.NamedExpression(target=target, value=value):
            yield target.identifier
            yield from walrus_in(value)
        case tree.Node():
            for slot in type(node).__dataclass_fields__:
                part = getattr(node, slot)
                if isinstance(part, tuple) and slot != "span":
                    for inner in part:
                        yield from walrus_in(inner)
                elif isinstance(part, tree.Node):
                    yield from walrus_in(part)
