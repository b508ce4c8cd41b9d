"""8.3 aliases and lower-case bits."""

from __future__ import annotations

import pytest

from compiler.formats.fat import LowerCase
from compiler.image.short_names import ShortName, assign_short_names


@pytest.mark.parametrize(
    ("name", "packed", "bits", "is_long"),
    [
        ("hello", b"HELLO      ", LowerCase.BASE, False),
        ("README.TXT", b"README  TXT", LowerCase(0), False),
        ("readme.TXT", b"README  TXT", LowerCase.BASE, False),
        ("README.txt", b"README  TXT", LowerCase.EXTENSION, False),
        ("readme.txt", b"README  TXT", LowerCase.BASE | LowerCase.EXTENSION, False),
        ("123.456", b"123     456", LowerCase(0), False),
        ("Mixed.txt", b"MIXED   TXT", LowerCase(0), True),
        ("a.b.c", b"AB~1    C  ", LowerCase(0), True),
        (".profile", b"PROFIL~1   ", LowerCase(0), True),
        ("a+b", b"A_B~1      ", LowerCase(0), True),
        ("name with spaces.text", b"NAMEWI~1TEX", LowerCase(0), True),
        ("中", b"_~1        ", LowerCase(0), True),
        ("twelve.chars", b"TWELVE~1CHA", LowerCase(0), True),
    ],
)
def test_short_name_of(name: str, packed: bytes, bits: LowerCase, is_long: bool) -> None:
    assert assign_short_names([name])[name] == ShortName(packed, bits, is_long)


def test_tails_count_up_and_keep_clear_of_real_names() -> None:
    names = [f"long file name {number}" for number in range(12)] + ["LONGFI~2"]
    aliases = [short.name for short in assign_short_names(names).values()]
    assert len(set(aliases)) == len(names)
    assert assign_short_names(names)["LONGFI~2"].name == b"LONGFI~2   "
    assert assign_short_names(names)["long file name 11"].name == b"LONGF~13   "
