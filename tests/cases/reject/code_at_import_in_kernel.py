"""The initial values of a kernel's variables are known to the compiler."""
# target: kernel
# mypy: accepts (a rule of the kernel)

from runtime.lang import read_timestamp

start = read_timestamp()  # error: E0502 "start"
