"""Format specs of texts, conversions, nesting."""

name = "Ada"
print(f"{name}|{name:10}|{name:<10}|{name:>10}|{name:^10}|{name:*^9}|{name:.2}|{name!r}|{name!s:>5}|{name!r:>8}")
print(f"{{}} {name + '!'} {len(name)} {'nested ' + f'{name}'} {[1, 2]} {(1, 'a')} {None}")
print(f"{name=} {1 + 1=} {name!r:>6}")
print("a" f"{1}" "b")
