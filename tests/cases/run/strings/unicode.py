"""Characters of one, two and four bytes."""

texts = ["abc", "äöü", "日本語", "a😀b", "éa日😀", ""]
for text in texts:
    print(text, len(text), text[::-1], text.upper(), [ord(c) for c in text])
    for other in texts:
        print(text + other, text == other, text < other, other in text, text.find(other), end="; ")
    print()
print(chr(65), chr(228), chr(0x65E5), chr(0x1F600), "\u00e4" == "ä", "\N{BULLET}", "\x41\101")
print("日本語"[1], "a😀b"[1:], "äöü"[:2], repr("äöü\n"), repr("😀"), repr("\x07\x80\u200b"))
