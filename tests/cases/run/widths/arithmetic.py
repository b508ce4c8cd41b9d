"""Fixed widths compute exactly and are checked."""

from runtime.lang import i8, u8, u16, u32, u64


def attempt(a: u8, b: u8) -> None:
    try:
        print(int(a + b), int(a * b))
    except OverflowError:
        print("overflow")
    try:
        print(int(a - b))
    except OverflowError:
        print("underflow")


attempt(u8(200), u8(50))
attempt(u8(200), u8(100))
attempt(u8(3), u8(5))
mask: u64 = u64(0xFFFF_FFFF_FFFF_FFFF)
print(mask & ~0xFFF, mask >> 60, u32(7) // 2, u16(65535), i8(-128), ~u8(1), u8(5) + 3)
print(u64(2**63) > 5, u32(3) == 3, u8(255) < u16(256), u64(18446744073709551615))
text = "x" + str(1)
try:
    print(u8(len(text) * 300))
except OverflowError as error:
    print("range")
