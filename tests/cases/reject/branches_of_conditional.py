"""The two branches of a conditional have one type."""
# mypy: accepts (it joins the two to object)

number = 3
text = "odd" if number % 2 else 0  # error: E0309 ""odd" if number % 2 else 0"
print(text)
