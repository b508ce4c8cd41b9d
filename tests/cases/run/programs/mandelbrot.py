"""The Mandelbrot set in characters, with checksums of the orbits."""

SHADES = " .:-=+*#%@"


def escape(cx: float, cy: float, limit: int) -> tuple[int, float]:
    x = y = 0.0
    for step in range(limit):
        x, y = x * x - y * y + cx, 2.0 * x * y + cy
        if x * x + y * y > 4.0:
            return step, x * x + y * y
    return limit, x


total = 0.0
for row in range(20):
    line = ""
    for column in range(60):
        steps, value = escape(column / 22.0 - 2.0, row / 8.0 - 1.2, 40)
        total += value
        line += SHADES[min(steps, 39) * len(SHADES) // 40]
    print(line.rstrip())
print(total, f"{total:.6e}", repr(total / 1200))
