"""Sums, products and digits in loops."""


def digits(value: int) -> int:
    total = 0
    while value:
        value, digit = divmod(value, 10)
        total += digit
    return total


def gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a


def is_prime(n: int) -> bool:
    if n < 2:
        return False
    divisor = 2
    while divisor * divisor <= n:
        if n % divisor == 0:
            return False
        divisor += 1
    return True


def collatz(n: int) -> int:
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


print(digits(9876543210), gcd(1071, 462), collatz(27))
print([n for n in range(50) if is_prime(n)])
