"""SHA-256 on plain ints with masks."""

MASK = 0xFFFFFFFF
INITIAL = [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19]


def primes(count: int) -> list[int]:
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all([candidate % p for p in found]):
            found.append(candidate)
        candidate += 1
    return found


def cube_root_fraction(n: int) -> int:
    """The first 32 bits of the fraction of n's cube root, by bisection on small parts of the number."""
    low, high = 0, 8 << 32
    while high - low > 1:
        middle = (low + high) // 2
        if below(middle, n):
            low = middle
        else:
            high = middle
    return low & MASK


def below(x: int, n: int) -> bool:
    """x**3 <= n << 96, in limbs of 16 bits, because the product has over a hundred bits."""
    square = multiply(limbs(x), limbs(x))
    cube = multiply(square, limbs(x))
    right = [0] * 6 + limbs(n)
    size = max(len(cube), len(right))
    cube += [0] * (size - len(cube))
    right += [0] * (size - len(right))
    for index in range(size - 1, -1, -1):
        if cube[index] != right[index]:
            return cube[index] < right[index]
    return True


def limbs(x: int) -> list[int]:
    result: list[int] = []
    while x:
        result.append(x & 0xFFFF)
        x >>= 16
    return result


def multiply(a: list[int], b: list[int]) -> list[int]:
    result = [0] * (len(a) + len(b))
    for i, x in enumerate(a):
        carry = 0
        for j, y in enumerate(b):
            carry += result[i + j] + x * y
            result[i + j] = carry & 0xFFFF
            carry >>= 16
        result[i + len(b)] += carry
    return result


ROUND = [cube_root_fraction(p) for p in primes(64)]


def rotate(x: int, n: int) -> int:
    return (x >> n | x << (32 - n)) & MASK


def compress(state: list[int], block: bytes) -> list[int]:
    w = [block[i] << 24 | block[i + 1] << 16 | block[i + 2] << 8 | block[i + 3] for i in range(0, 64, 4)]
    for i in range(16, 64):
        s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3
        s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10
        w.append((w[i - 16] + s0 + w[i - 7] + s1) & MASK)
    a, b, c, d, e, f, g, h = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7])
    for i in range(64):
        choice = e & f ^ ~e & g
        majority = a & b ^ a & c ^ b & c
        t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + ROUND[i] + w[i]
        t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority
        h, g, f, e, d, c, b, a = g, f, e, (d + t1) & MASK, c, b, a, (t1 + t2) & MASK
    return [x + y & MASK for x, y in zip(state, [a, b, c, d, e, f, g, h])]


def sha256(message: bytes) -> str:
    length = len(message) * 8
    padded = message + b"\x80" + bytes((55 - len(message)) % 64)
    padded += bytes([length >> shift & 0xFF for shift in range(56, -8, -8)])
    state = INITIAL
    for start in range(0, len(padded), 64):
        state = compress(state, padded[start : start + 64])
    return "".join([f"{word:08x}" for word in state])


for text in ["", "abc", "The quick brown fox jumps over the lazy dog", "é日😀" * 30]:
    print(sha256(text.encode()), len(text))
