"""`is` compares objects; equality without __eq__ is identity."""


class Thing:
    pass


a, b = Thing(), Thing()
c = a
print(a is c, a is b, a is not b, a == c, a == b, a != b, a in [b, c])
