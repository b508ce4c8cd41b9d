"""An interpreter of brainfuck with a jump table."""


class Unbalanced(Exception):
    """A bracket without its partner."""


class TooLong(Exception):
    """More steps than allowed."""


def jumps(code: str) -> list[int]:
    table = [-1] * len(code)
    open_: list[int] = []
    for place, character in enumerate(code):
        if character == "[":
            open_.append(place)
        elif character == "]":
            if not open_:
                raise Unbalanced(f"] at {place}")
            start = open_.pop()
            table[start], table[place] = place, start
    if open_:
        raise Unbalanced(f"[ at {open_[-1]}")
    return table


def run(code: str, given: str = "", limit: int = 200_000) -> str:
    table = jumps(code)
    tape = [0] * 64
    head = place = taken = steps = 0
    output = ""
    while place < len(code):
        steps += 1
        if steps > limit:
            raise TooLong(f"{limit} steps")
        match code[place]:
            case ">":
                head += 1
            case "<":
                head -= 1
            case "+":
                tape[head] = (tape[head] + 1) % 256
            case "-":
                tape[head] = (tape[head] - 1) % 256
            case ".":
                output += chr(tape[head])
            case ",":
                tape[head] = ord(given[taken]) if taken < len(given) else 0
                taken += 1
            case "[" if tape[head] == 0:
                place = table[place]
            case "]" if tape[head] != 0:
                place = table[place]
            case _:
                pass
        place += 1
    return output


HELLO = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."
for code, given in [(HELLO, ""), (",[.,]", "echo é"), ("+[]", ""), ("[[]", ""), ("]", ""), (">" * 64 + "+", "")]:
    try:
        print(repr(run(code, given)))
    except (Unbalanced, TooLong, IndexError) as error:
        print("error:", error)
