"""any, all, sum, min, max over lists and comprehensions."""

numbers = [3, 0, 5]
print(any(numbers), all(numbers))
print(any([n > 4 for n in numbers]), all([n >= 0 for n in numbers]))
print(any(n > 4 for n in numbers), all(n > 4 for n in numbers), sum(n * n for n in numbers))
print(min(numbers), max(numbers), min(["b", "a"]), max([1.5, 2.5]))
