"""Only exception classes are caught."""

try:
    print("try")
except int:  # error: E0352 "int"
    print("int")
