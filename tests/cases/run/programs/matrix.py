"""Matrix multiplication with lists of lists."""


class Matrix:
    def __init__(self, rows: list[list[int]]) -> None:
        self.rows = rows

    def __mul__(self, other: "Matrix") -> "Matrix":
        result: list[list[int]] = []
        for row in self.rows:
            line: list[int] = []
            for j in range(len(other.rows[0])):
                line.append(sum([row[k] * other.rows[k][j] for k in range(len(row))]))
            result.append(line)
        return Matrix(result)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and self.rows == other.rows


def power(m: Matrix, n: int) -> Matrix:
    result = Matrix([[1, 0], [0, 1]])
    while n:
        if n & 1:
            result = result * m
        m = m * m
        n >>= 1
    return result


print(power(Matrix([[1, 1], [1, 0]]), 30).rows, Matrix([[1]]) == Matrix([[1]]))
