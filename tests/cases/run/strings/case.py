"""upper, lower and the tests of characters."""

for text in ["Hello World", "", "abc", "ABC", "123", "a1", " \t", "straße", "ÀÉÎ", "日本", "½"]:
    print(text.upper(), text.lower(), text.isdigit(), text.isspace(), text.isalpha(), text.isalnum())
