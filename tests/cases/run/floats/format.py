"""Format specs of floats."""

for value in [0.0, 3.14159, -2.5, 1234567.891, 1e20, 1e-7]:
    print(f"{value:.2f}|{value:10.3f}|{value:<10.1f}|{value:e}|{value:g}|{value:,.2f}|{value:+.1f}|{value:%}")
