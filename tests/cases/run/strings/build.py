"""A text built up in a loop."""

text = ""
for number in range(100):
    text += str(number)
    if number % 10 == 9:
        text += "\n"
print(text, len(text))
copy = text
text += "end"
print(len(copy), len(text))
