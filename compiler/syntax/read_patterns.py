"""CPython's pattern nodes to ours, one function per grammar symbol."""

from __future__ import annotations

import ast
from typing import Any

from compiler.syntax import subset, tree
from compiler.syntax.read_expressions import read_all, read_expression
from compiler.syntax.reader import Reader, ReaderTable


def read_pattern(reader: Reader, node: ast.pattern) -> tree.Pattern:
    """Copy one pattern."""
    return _PATTERNS[type(node)](reader, node)


def _all(reader: Reader, nodes: list[ast.pattern]) -> tuple[tree.Pattern, ...]:
    return tuple([read_pattern(reader, node) for node in nodes])


def _value(reader: Reader, node: ast.MatchValue) -> tree.ValuePattern:
    return tree.ValuePattern(reader.span(node), read_expression(reader, node.value))


def _singleton(reader: Reader, node: ast.MatchSingleton) -> tree.SingletonPattern:
    return tree.SingletonPattern(reader.span(node), node.value)


def _sequence(reader: Reader, node: ast.MatchSequence) -> tree.SequencePattern:
    return tree.SequencePattern(reader.span(node), _all(reader, node.patterns))


def _mapping(reader: Reader, node: ast.MatchMapping) -> tree.MappingPattern:
    keys = read_all(reader, node.keys)
    return tree.MappingPattern(reader.span(node), keys, _all(reader, node.patterns), node.rest)


def _class(reader: Reader, node: ast.MatchClass) -> tree.ClassPattern:
    reference = read_expression(reader, node.cls)
    positional, by_keyword = _all(reader, node.patterns), _all(reader, node.kwd_patterns)
    return tree.ClassPattern(reader.span(node), reference, positional, tuple(node.kwd_attrs), by_keyword)


def _star(reader: Reader, node: ast.MatchStar) -> tree.StarPattern:
    return tree.StarPattern(reader.span(node), node.name)


def _as(reader: Reader, node: ast.MatchAs) -> tree.Pattern:
    span = reader.span(node)
    if node.name is None:
        return tree.WildcardPattern(span)
    if node.pattern is None:
        return tree.CapturePattern(span, node.name)
    return tree.AsPattern(span, read_pattern(reader, node.pattern), node.name)


def _or(reader: Reader, node: ast.MatchOr) -> tree.OrPattern:
    return tree.OrPattern(reader.span(node), _all(reader, node.patterns))


def _newer(reader: Reader, node: Any) -> tree.Pattern:
    span = reader.span(node)
    reader.refuse(subset.NEWER_SYNTAX, span)
    return tree.WildcardPattern(span)


_PATTERNS: ReaderTable[tree.Pattern] = ReaderTable(
    {
        ast.MatchValue: _value,
        ast.MatchSingleton: _singleton,
        ast.MatchSequence: _sequence,
        ast.MatchMapping: _mapping,
        ast.MatchClass: _class,
        ast.MatchStar: _star,
        ast.MatchAs: _as,
        ast.MatchOr: _or,
    },
    _newer,
)
