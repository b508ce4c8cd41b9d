"""A virtual machine with an enum of instructions."""

from dataclasses import dataclass
from enum import IntEnum


class Op(IntEnum):
    PUSH = 0
    ADD = 1
    MULTIPLY = 2
    JUMP_IF = 3
    DUPLICATE = 4
    PRINT = 5


@dataclass(frozen=True)
class Instruction:
    op: Op
    argument: int = 0


def run(program: list[Instruction]) -> list[int]:
    stack: list[int] = []
    counter = 0
    while counter < len(program):
        instruction = program[counter]
        counter += 1
        match instruction.op:
            case Op.PUSH:
                stack.append(instruction.argument)
            case Op.ADD:
                stack.append(stack.pop() + stack.pop())
            case Op.MULTIPLY:
                stack.append(stack.pop() * stack.pop())
            case Op.DUPLICATE:
                stack.append(stack[-1])
            case Op.PRINT:
                print("top", stack[-1])
            case Op.JUMP_IF:
                if stack[-1] < 1000:
                    counter = instruction.argument
    return stack


print(run([Instruction(Op.PUSH, 3), Instruction(Op.DUPLICATE), Instruction(Op.MULTIPLY), Instruction(Op.PRINT), Instruction(Op.JUMP_IF, 1)]))
