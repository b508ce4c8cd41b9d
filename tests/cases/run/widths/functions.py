"""Functions on widths."""

from runtime.lang import (
    byte_swap,
    count_leading_zeros,
    count_ones,
    count_trailing_zeros,
    max_of,
    min_of,
    rotate_left,
    rotate_right,
    size_of,
    truncate,
    u8,
    u16,
    u32,
    u64,
    wrapping_add,
    wrapping_mul,
    wrapping_sub,
)

print(int(truncate(u8, 0x1FF)), int(wrapping_add(u8(250), u8(10))), int(wrapping_sub(u8(1), u8(2))), int(wrapping_mul(u32(0x10001), u32(0x10001))))
print(int(max_of(u32)), int(min_of(u8)), size_of(u64), int(rotate_left(u8(0x81), 1)), int(rotate_right(u16(1), 1)))
print(count_leading_zeros(u32(1)), count_trailing_zeros(u64(8)), count_ones(u8(0xF1)), hex(int(byte_swap(u32(0x12345678)))))
