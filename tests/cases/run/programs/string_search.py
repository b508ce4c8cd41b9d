"""Knuth-Morris-Pratt, run lengths, palindromes, Caesar and word frequencies without a dictionary."""


def failure(pattern: str) -> list[int]:
    table = [0] * len(pattern)
    length = 0
    for i in range(1, len(pattern)):
        while length and pattern[i] != pattern[length]:
            length = table[length - 1]
        if pattern[i] == pattern[length]:
            length += 1
        table[i] = length
    return table


def occurrences(text: str, pattern: str) -> list[int]:
    table = failure(pattern)
    found: list[int] = []
    length = 0
    for i, character in enumerate(text):
        while length and (length == len(pattern) or character != pattern[length]):
            length = table[length - 1]
        if character == pattern[length]:
            length += 1
        if length == len(pattern):
            found.append(i - length + 1)
    return found


def encoded(text: str) -> str:
    result = ""
    i = 0
    while i < len(text):
        run = 1
        while i + run < len(text) and text[i + run] == text[i]:
            run += 1
        result += (str(run) if run > 1 else "") + text[i]
        i += run
    return result


def decoded(text: str) -> str:
    result, digits = "", ""
    for character in text:
        if character.isdigit():
            digits += character
        else:
            result += character * int(digits or "1")
            digits = ""
    return result


def longest_palindrome(text: str) -> str:
    best = ""
    for middle in range(len(text)):
        for width in (0, 1):
            low, high = middle, middle + width
            while low >= 0 and high < len(text) and text[low] == text[high]:
                low, high = low - 1, high + 1
            if high - low - 1 > len(best):
                best = text[low + 1 : high]
    return best


def caesar(text: str, shift: int) -> str:
    result: list[str] = []
    for c in text:
        if "a" <= c <= "z" or "A" <= c <= "Z":
            base = ord("a") if c >= "a" else ord("A")
            c = chr((ord(c) - base + shift) % 26 + base)
        result.append(c)
    return "".join(result)


def frequencies(text: str) -> list[tuple[int, str]]:
    counts: list[tuple[int, str]] = []
    for word in text.lower().replace(",", " ").split():
        for index, (count, known) in enumerate(counts):
            if known == word:
                counts[index] = (count + 1, word)
                break
        else:
            counts.append((1, word))
    return counts


print(failure("abacabadabacaba"), occurrences("abababcababab", "abab"), occurrences("日本日本日", "日本日"))
for text in ["aaabccdddd", "😀😀éé", "", "abc"]:
    print(repr(encoded(text)), decoded(encoded(text)) == text)
print(longest_palindrome("forgeeksskeegfor"), longest_palindrome("été"), repr(longest_palindrome("")))
print(caesar("Hello, World! Zz", 3), caesar(caesar("Hello, World! Zz", 3), -3))
print(frequencies("the cat, the dog and the cat"))
