"""Counting, reversing and permuting bits in 64-bit ints."""


def ones(x: int) -> int:
    count = 0
    while x:
        x &= x - 1
        count += 1
    return count


def reversed_bits(x: int, width: int) -> int:
    result = 0
    for _ in range(width):
        result = result << 1 | x & 1
        x >>= 1
    return result


def gray(x: int) -> int:
    return x ^ x >> 1


def from_gray(x: int) -> int:
    shift = 1
    while shift < 64:
        x ^= x >> shift
        shift <<= 1
    return x


def next_with_same_ones(x: int) -> int:
    low = x & -x
    high = x + low
    return high | (x ^ high) // low >> 2


def parity(x: int) -> bool:
    return ones(x) & 1 == 1


def interleave(x: int, y: int) -> int:
    result = 0
    for bit in range(16):
        result |= (x >> bit & 1) << 2 * bit | (y >> bit & 1) << 2 * bit + 1
    return result


def is_power_of_two(x: int) -> bool:
    return x > 0 and not x & x - 1


def square_root(n: int) -> int:
    root, bit = 0, 1 << 62
    while bit > n:
        bit >>= 2
    while bit:
        if n >= root + bit:
            n -= root + bit
            root = (root >> 1) + bit
        else:
            root >>= 1
        bit >>= 2
    return root


for x in [0, 1, 6, 0xFF, 0x12345678, (1 << 62) - 1]:
    print(
        f"{x:#x} {ones(x)} {reversed_bits(x, 16):016b} {gray(x):o} {from_gray(gray(x)) == x} {parity(x)} {is_power_of_two(x)}"
    )
subset = 0b0111
for _ in range(8):
    print(f"{subset:06b}", end=" ")
    subset = next_with_same_ones(subset)
print()
print([interleave(x, y) for x in range(4) for y in range(4)], interleave(0xFFFF, 0))
print([square_root(n) for n in [0, 1, 2, 15, 16, 17, 999_999, 10**18, 2**62 + 1]])
print(~0, ~5 & 0xFF, -8 >> 1, -1 >> 70, 5 & -2, -6 | 3, -6 ^ 3, 1 << 0)
