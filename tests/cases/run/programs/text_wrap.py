"""Wrapping, centring and justifying text."""

TEXT = """The wonderful thing about standards is that there are so many of them to choose from.

    Ärger und Größe: übermäßig   lange Wörter wie Donaudampfschifffahrtsgesellschaftskapitän bleiben ganz,
日本語 has no blanks 😀 between words."""


def paragraphs(text: str) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        words = line.split()
        if words:
            found[-1] += words
        elif found[-1]:
            found.append([])
    return found


def wrap(words: list[str], width: int) -> list[list[str]]:
    lines: list[list[str]] = []
    room = -1
    for word in words:
        if room < len(word) + 1:
            lines.append([])
            room = width + 1
        lines[-1].append(word)
        room -= len(word) + 1
    return lines


def justified(words: list[str], width: int) -> str:
    gaps = len(words) - 1
    blanks = width - sum([len(word) for word in words])
    if gaps == 0 or blanks < gaps:
        return " ".join(words)
    line = ""
    for index, word in enumerate(words[:-1]):
        line += word + " " * (blanks // gaps + (index < blanks % gaps))
    return line + words[-1]


for width in (20, 33):
    print("+" + "-" * width + "+")
    for paragraph in paragraphs(TEXT):
        lines = wrap(paragraph, width)
        for number, words in enumerate(lines):
            last = number == len(lines) - 1
            print(f"|{' '.join(words).center(width) if last else justified(words, width):<{width}}|")
    print("+".ljust(width + 1, "-") + "+")
longest = max([len(word) for word in TEXT.split()])
print(longest, TEXT.count("\n"), TEXT.upper()[:20])
