"""Texts taken apart and counted without dictionaries."""

TEXT = """the quick brown fox jumps over the lazy dog
the dog sleeps
and the fox runs"""


class Entry:
    def __init__(self, word: str) -> None:
        self.word = word
        self.count = 0


def count_words(text: str) -> list[Entry]:
    entries: list[Entry] = []
    for line in text.splitlines():
        for word in line.split():
            for entry in entries:
                if entry.word == word:
                    break
            else:
                entry = Entry(word)
                entries.append(entry)
            entry.count += 1
    return entries


for entry in count_words(TEXT):
    if entry.count > 1:
        print(f"{entry.word:<8}{entry.count:>3}")
