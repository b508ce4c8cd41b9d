"""Every augmented operator."""

x = 100
x += 7
print(x)
x -= 17
print(x)
x *= 3
print(x)
x //= 4
print(x)
x %= 40
print(x)
x <<= 3
print(x)
x >>= 1
print(x)
x |= 3
print(x)
x &= 0x7E
print(x)
x ^= 0xFF
print(x)
x **= 2
print(x)
