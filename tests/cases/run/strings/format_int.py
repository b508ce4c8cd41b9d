"""Format specs of ints."""

for value in [0, 7, -7, 255, 1234567, -1234567]:
    print(f"{value}|{value:5}|{value:<5}|{value:>8}|{value:^9}|{value:05}|{value:+}|{value: }|{value:,}|{value:_}")
    print(f"{value:x}|{value:X}|{value:#x}|{value:#o}|{value:b}|{value:#010b}|{value:08x}|{value:*>10}|{value:=+8}|{value:.2f}|{value:d}")
width = 7
print(f"{42:{width}}|{42:<{width}}|{42:0{width}d}|{True}|{True:5}|{True:d}")
