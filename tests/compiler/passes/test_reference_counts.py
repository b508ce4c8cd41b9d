"""Counts are right on random control flow: nothing is used after its end, nothing is released twice, nothing leaks.

A random function (blocks, loops, handlers, both kinds of locals, memory, aggregates, raw addresses) runs before the
passes with collected memory and after them with counted memory; what a caller sees must be the same.
"""

from __future__ import annotations

import copy
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compiler.ir import ops
from compiler.ir.builder import NULL_REFERENCE, FunctionBuilder
from compiler.ir.module import Function, Program
from compiler.ir.ops import Defect, Handler, Local, Signature, Value
from compiler.ir.printer import program_text
from compiler.ir.reader import read_program
from compiler.ir.types import I1, I64, POINTER, REF, UNIT, AggregateRep
from compiler.passes.table import PassOptions, run_passes
from tests.compiler.passes.count_machine import CountError, OutOfSteps, run_collected, run_counted

PAIR = AggregateRep((REF, I64))


class Generator:
    """Makes one random function `subject(a, b) -> ref`."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.program = Program(entry_symbol="subject")
        self.program.defects = {defect.name: f"defect.{defect.name}" for defect in Defect}
        self.program.external = {
            "decide": Signature((), I1, False),
            "make": Signature((), REF, True),
            "make_pair": Signature((), PAIR, True),
            "clobber": Signature((REF, REF, REF), UNIT, True),
        }
        self.add_look()
        parameters = [ops.Parameter("a", REF), ops.Parameter("b", REF)]
        self.function = Function("subject", parameters, REF, "m.py", 1, "subject", "m", address_taken=True)
        self.build = FunctionBuilder(self.function)
        self.references = [self.build.local(name, REF) for name in ("x", "y", ".t", ".u")]
        self.pairs = [self.build.local(name, PAIR) for name in ("p", ".q")]
        self.caught = self.build.local(".caught", REF)

    def add_look(self) -> None:
        """A function that changes nothing: calls of it need no counts."""
        function = Function("look", [ops.Parameter("a", REF)], REF, "m.py", 1, "look", "m", address_taken=True)
        build = FunctionBuilder(function)
        build.position_at(build.block("start"))
        build.ret(build.load(function.parameters[0], 16, REF))
        self.program.functions["look"] = function

    def generate(self) -> Program:
        blocks = [self.build.block(f"b{number}") for number in range(self.random.randint(1, 6))]
        for block in blocks[1:]:
            if self.random.random() < 0.4:
                block.handler = Handler(self.random.choice(blocks[1:]), self.caught)
        shared: list[Value] = []
        alias = self.build.local("alias", REF)
        for block in blocks:
            self.build.position_at(block)
            values = [*self.function.parameters, *shared]
            if block is blocks[0]:
                self.build.write(alias, self.function.parameters[0])
            values.append(self.build.read(alias))
            for _ in range(self.random.randint(0, 7)):
                value = self.operation(values)
                if value is not None:
                    values.append(value)
            if block is blocks[0]:
                shared = values[3:]
            self.terminator(blocks, values)
        self.program.functions["subject"] = self.build.finish()
        return self.program

    def reference(self, values: list[Value]) -> Value:
        return self.random.choice([value for value in values if value.rep == REF])

    def operation(self, values: list[Value]) -> Value | None:
        build, random = self.build, self.random
        match random.randint(0, 17):
            case 0 | 1:
                return build.call("make", (), REF)
            case 2:
                return build.call("make_pair", (), PAIR)
            case 3:
                build.call("clobber", tuple(self.reference(values) for _ in range(3)), UNIT)
            case 4 | 5:
                return build.load(self.reference(values), random.choice((16, 24)), REF)
            case 6 | 7:
                build.store(self.reference(values), random.choice((16, 24)), self.reference(values), replaces=True)
            case 8 | 9:
                build.write(random.choice(self.references), self.reference(values))
            case 10 | 11:
                return build.read(random.choice(self.references))
            case 12:
                return build.read(random.choice(self.pairs))
            case 13:
                return self.pair_operation(values)
            case 14:
                return build.call("look", (self.reference(values),), REF)
            case 15:
                build.emit(ops.ClearLocal(random.choice([*self.references, *self.pairs])))
            case 16:
                return self.pointer_operation(values)
            case 17:
                return build.emit(ops.Take(self.reference(values), 16, REF))
        return None

    def pair_operation(self, values: list[Value]) -> Value | None:
        pairs = [value for value in values if value.rep == PAIR]
        if not pairs or self.random.random() < 0.3:
            return self.build.aggregate(self.reference(values), ops.Constant(I64, 3))
        if self.random.random() < 0.5:
            self.build.write(self.random.choice(self.pairs), self.random.choice(pairs))
            return None
        return self.build.extract(self.random.choice(pairs), 0)

    def pointer_operation(self, values: list[Value]) -> Value:
        pointers = [value for value in values if value.rep == POINTER]
        if pointers and self.random.random() < 0.6:
            return self.build.load(self.random.choice(pointers), 0, REF)
        return self.build.emit(ops.Offset(self.reference(values), None, 1, 16))

    def terminator(self, blocks: list[ops.Block], values: list[Value]) -> None:
        build, random = self.build, self.random
        others = blocks if random.random() < 0.3 else blocks[1:] or None
        match random.randint(0, 5):
            case 0 | 1 if others:
                build.jump(random.choice(others))
            case 2 | 3 if others:
                condition = build.call("decide", (), I1)
                build.branch(condition, random.choice(others), random.choice(others))
            case 4 if random.random() < 0.5:
                build.emit(ops.Raise(self.reference(values), random.random() < 0.5))
            case _:
                build.ret(random.choice([self.reference(values), NULL_REFERENCE]))


def check(program: Program, decisions: list[int]) -> None:
    before = copy.deepcopy(program)
    run_passes(program, PassOptions(verify_each=True))
    try:
        expected = run_collected(before, decisions)
        _, found = run_counted(program, decisions)
    except OutOfSteps:
        return
    assert found == expected


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 59), max_size=30))
def test_random_functions(random: Random, decisions: list[int]) -> None:
    check(Generator(random).generate(), decisions)


def test_many_fixed_functions() -> None:
    """A wider net than hypothesis casts in the same time, always the same."""
    for seed in range(1500):
        random = Random(seed)
        program = Generator(random).generate()
        decisions = [random.randint(0, 59) for _ in range(30)]
        text = program_text(program)
        try:
            check(program, decisions)
        except AssertionError as problem:
            raise AssertionError(f"seed {seed}: {problem}\n{text}\n{program_text(program)}") from problem


@pytest.mark.parametrize("operation", [ops.Retain, ops.Release])
def test_the_machine_notices(operation: type[ops.Operation]) -> None:
    """The judge can fail: leaving out any single count of a fixed set of functions is noticed."""
    noticed = total = 0
    for seed in range(60):
        random = Random(seed)
        program = Generator(random).generate()
        decisions = [random.randint(0, 59) for _ in range(30)]
        run_passes(program)
        places = [
            (block, op)
            for block in program.functions["subject"].blocks
            for op in block.operations
            if type(op) is operation
        ]
        for block, op in places:
            index = block.operations.index(op)
            block.operations.pop(index)
            total += 1
            try:
                run_counted(program, decisions)
            except CountError:
                noticed += 1
            except OutOfSteps:
                pass
            block.operations.insert(index, op)
    # the rest stands on paths that these decisions do not take, or concerns null
    assert noticed > total // 20 and noticed > 10


def test_text_and_back() -> None:
    """Printing and reading loses nothing, before and after the passes."""
    for seed in range(100):
        program = Generator(Random(seed)).generate()
        for _ in range(2):
            text = program_text(program)
            assert program_text(read_program(text)) == text
            run_passes(program)


def test_locals_are_one_function_s_own() -> None:
    """The generator's locals belong to its function (the verifier says so if not)."""
    program = Generator(Random(1)).generate()
    assert all(isinstance(local, Local) for local in program.functions["subject"].locals)
