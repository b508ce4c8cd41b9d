"""bytes: literals, items, slices, methods."""

data = b"hello\x00\xff"
print(data, len(data), data[0], data[-1], data[1:3], data + b"!", data == b"hello\x00\xff", b"a" < b"b")
print(data.find(b"l"), data.find(b"zz"), data.startswith(b"he"), data.endswith(b"\xff"), b"l" in data, b"" == bytes(0))
for value in b"abc":
    print(value, end=" ")
print(bytes(3), bytes([1, 2, 255]), b"it's", b'quo"te', b"\t\n\\")
print("héllo".encode(), b"h\xc3\xa9llo".decode("utf-8"), b"abc".decode("ascii"), "日本".encode(), b"\xe9".decode("latin-1"))
print([value for value in b"xyz"], list(b"ab"))
try:
    print(bytes([256]))
except ValueError as error:
    print(error)
try:
    print(data[50])
except IndexError as error:
    print(error)
