"""What a test has shown about a name or a field, and what ends it: assignments, loops, calls, handlers.

The sources carry their own expectation: a line with `# error: CODE "fragment"` gets exactly that diagnostic, every
other line none. All functions of a source are judged in one check.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.case_files import check_file, expected_errors, shown

PRELUDE = """
class Box:
    def __init__(self) -> None:
        self.value: int | None = 3
        self.other: int | None = 4


kept: int | None = 5


def maybe(n: int) -> int | None:
    return n if n > 0 else None
"""

LOOPS = """
def field_changed_later_in_the_loop(box: Box) -> int:
    total = 0
    if box.value is None:
        return 0
    for _ in range(3):
        total += box.value  # error: E0308 "total += box.value"
        box.value = None
    return total


def field_changed_in_a_branch_of_the_loop(box: Box, flag: bool) -> int:
    total = 0
    if box.value is None:
        return 0
    while total < 9:
        total += box.value  # error: E0308 "total += box.value"
        if flag:
            box.value = maybe(total)
    return total


def another_field_changed_in_the_loop(box: Box) -> int:
    total = 0
    if box.value is None:
        return 0
    for _ in range(3):
        total += box.value
        box.other = None
    return total


def name_changed_later_in_the_loop() -> int:
    found = maybe(3)
    total = 0
    if found is None:
        return 0
    for n in range(3):
        total += found  # error: E0308 "total += found"
        found = maybe(n)
    return total


def loop_variable_takes_the_name() -> int:
    found = maybe(3)
    if found is None:
        return 0
    total = 0
    for n in [1, 2]:
        total += found + n
    return total


def known_behind_a_while() -> int:
    found: int | None = None
    n = 0
    while found is None:
        found = maybe(n)
        n += 1
    return found + 1


def unknown_behind_a_while_that_breaks() -> int:
    found: int | None = None
    n = 0
    while found is None:
        if n > 5:
            break
        found = maybe(n)
        n += 1
    return found + 1  # error: E0308 "found + 1"
"""

BRANCHES = """
def both_branches_give_a_value(flag: bool) -> int:
    found: int | None = None
    if flag:
        found = 1
    else:
        found = 2
    return found


def one_branch_gives_a_value(flag: bool) -> int:
    found: int | None = None
    if flag:
        found = 1
    return found + 1  # error: E0308 "found + 1"


def early_exits() -> int:
    found = maybe(1)
    if found is None:
        raise ValueError("none")
    return found


def conditions_joined(box: Box) -> int:
    if box.value is not None and box.other is not None:
        return box.value + box.other
    if box.value is not None or box.other is not None:
        return box.value + 1  # error: E0308 "box.value + 1"
    return 0


def negated(box: Box) -> int:
    if not (box.value is None or box.other is None):
        return box.value + box.other
    if box.value is None or box.value > 3:
        return 0
    return box.value


def within_an_expression() -> int:
    found = maybe(1)
    one = found if found is not None else 0
    two = 0 if found is None else found
    three = found + 1 if found is None else 0  # error: E0308 "found + 1"
    return one + two + three


def asserted() -> int:
    found = maybe(1)
    assert found is not None
    return found


def compared_with_is_the_other_way_round() -> int:
    found = maybe(1)
    if found is not None:
        return 0
    return found + 1  # error: E0308 "found + 1"


def walrus() -> int:
    if (found := maybe(1)) is not None:
        return found
    return 0
"""

CHANGES = """
def changed() -> int:
    found = maybe(1)
    if found is None:
        return 0
    found = maybe(2)
    return found + 1  # error: E0308 "found + 1"


def given_a_value(box: Box) -> int:
    box.value = 7
    return box.value + 1


def the_whole_object_changed(box: Box) -> int:
    if box.value is None:
        return 0
    box = Box()
    return box.value + 1  # error: E0308 "box.value + 1"


def tested_in_try() -> int:
    found: int | None = None
    try:
        found = int("3")
    except ValueError:
        pass
    return found + 1  # error: E0308 "found + 1"


def given_in_every_way_out() -> int:
    found: int | None = None
    try:
        found = int("3")
    except ValueError:
        found = 4
    return found + 1
"""


@pytest.mark.parametrize("text", [LOOPS, BRANCHES, CHANGES], ids=["loops", "branches", "changes"])
def test_what_is_known(tmp_path: Path, text: str) -> None:
    source = tmp_path / "case.py"
    source.write_text(PRELUDE + text)
    found = [shown(source, diagnostic) for diagnostic in check_file(source).diagnostics()]
    assert found == expected_errors(source.read_text())
