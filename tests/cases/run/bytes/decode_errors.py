"""Bytes that are no UTF-8."""

for data in [b"\xff", b"\xc3", b"ok\xe2\x82", b"\xed\xa0\x80"]:
    try:
        print(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        print(error)
try:
    print(b"\x80".decode("ascii"))
except UnicodeDecodeError as error:
    print(error)
