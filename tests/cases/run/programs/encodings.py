"""Base64, CRC-32, Adler-32 and hexadecimal by hand."""

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def base64(data: bytes) -> str:
    text = ""
    for start in range(0, len(data), 3):
        part = data[start : start + 3]
        group = 0
        for index in range(3):
            group = group << 8 | (part[index] if index < len(part) else 0)
        quad = "".join([ALPHABET[group >> shift & 63] for shift in (18, 12, 6, 0)])
        text += quad[: len(part) + 1].ljust(4, "=")
    return text


def base64_decoded(text: str) -> bytes:
    if len(text) % 4:
        raise ValueError(f"{len(text)} characters")
    result: list[int] = []
    for start in range(0, len(text), 4):
        group = 0
        for character in text[start : start + 4]:
            value = 0 if character == "=" else ALPHABET.index(character)
            group = group << 6 | value
        result += [group >> 16, group >> 8 & 255, group & 255]
    return bytes(result[: len(result) - text[-2:].count("=")])


def crc_table() -> list[int]:
    table: list[int] = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
        table.append(value)
    return table


CRC = crc_table()


def crc32(data: bytes) -> int:
    state = 0xFFFFFFFF
    for byte in data:
        state = CRC[(state ^ byte) & 0xFF] ^ state >> 8
    return state ^ 0xFFFFFFFF


def adler32(data: bytes) -> int:
    a, b = 1, 0
    for byte in data:
        a = (a + byte) % 65521
        b = (b + a) % 65521
    return b << 16 | a


def hexdump(data: bytes) -> None:
    for start in range(0, len(data), 16):
        row = data[start : start + 16]
        left = " ".join([f"{byte:02x}" for byte in row])
        right = "".join([chr(byte) if 32 <= byte < 127 else "." for byte in row])
        print(f"{start:08x}  {left:<47}  |{right}|")


for data in [b"", b"f", b"fo", b"foo", b"foobar", bytes([x * 7 % 256 for x in range(50)])]:
    encoded = base64(data)
    print(encoded, base64_decoded(encoded) == data if data else True, f"{crc32(data):08x} {adler32(data):#010x}")
hexdump("Grüße, 日本 😀\n".encode() + b"\x00\x7f\xff")
try:
    base64_decoded("abc")
except ValueError as error:
    print(error)
try:
    base64_decoded("a*bc")
except ValueError as error:
    print(error)
