"""find, rfind, index, rindex, count, startswith, endswith."""

text = "banana bandana"
for part in ["an", "ban", "x", "", "a", "banana bandana", "na "]:
    print(part, text.find(part), text.rfind(part), text.count(part), text.startswith(part), text.endswith(part))
print(text.find("an", 3), text.find("an", -3), text.index("dan"))
try:
    text.index("zzz")
except ValueError as error:
    print(error)
