"""Texts compare by code points."""

words = ["b", "a", "ab", "", "B", "é", "日", "😀", "aa"]
for one in words:
    print([one < other for other in words], [one >= other for other in words])
print(sorted(words))
print("abc" == "ab" + "c", "abc" != "abd", "a" < "b" < "c", max("b", "a"), min(words))
