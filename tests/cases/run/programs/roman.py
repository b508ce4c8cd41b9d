"""Roman numerals both ways, strict about what it reads."""

VALUES = [1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1]
SIGNS = ["M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"]


def to_roman(number: int) -> str:
    if not 0 < number < 4000:
        raise ValueError(f"{number} has no Roman numeral")
    text = ""
    for value, sign in zip(VALUES, SIGNS):
        times, number = divmod(number, value)
        text += sign * times
    return text


def from_roman(text: str) -> int:
    total, place = 0, 0
    for value, sign in zip(VALUES, SIGNS):
        while text.startswith(sign) if place == 0 else text[place:].startswith(sign):
            total += value
            place += len(sign)
    if place != len(text) or text == "" or to_roman(total) != text:
        raise ValueError(f"{text!r} is not a Roman numeral")
    return total


for number in [1, 4, 9, 14, 40, 90, 400, 1666, 1994, 2026, 3999]:
    print(f"{number:>5} {to_roman(number):<12}", from_roman(to_roman(number)) == number)
print(all([from_roman(to_roman(n)) == n for n in range(1, 4000)]))
for bad in ["IIII", "", "IC", "VX", "MMMM", "abc"]:
    try:
        print(from_roman(bad))
    except ValueError as error:
        print(error)
for wrong in (0, 4000, -3):
    try:
        to_roman(wrong)
    except ValueError as error:
        print(error)
