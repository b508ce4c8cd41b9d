"""`& | ^ ~ << >>` on negative and positive numbers."""

values = [0, 1, -1, 5, -6, 255, -256, 2**62, -(2**62)]
for a in values:
    for b in values:
        print(a & b, a | b, a ^ b, end=" ")
    print(~a)
for a in [1, 5, -5, 1000]:
    for count in [0, 1, 2, 7, 31]:
        print(a << count, a >> count, end=" ")
    print()
for a in [1, -1, 2**62]:
    print(a >> 62, a >> 63, a >> 64, a >> 1000)
