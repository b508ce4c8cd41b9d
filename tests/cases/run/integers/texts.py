"""int to text and back."""

for value in [0, 7, -7, 1234567890123456789, -9223372036854775808, 9223372036854775807]:
    text = str(value)
    print(text, int(text) == value, hex(value), oct(value), bin(value))
print(int("ff", 16), int("-0x1f", 16), int("0b101", 0), int("0o17", 0), int("  42 "), int("1_000"), int("z", 36))
for bad in ["", "x", "1.5", "--1", "1__0", "0x"]:
    try:
        print(int(bad))
    except ValueError as error:
        print(error)
