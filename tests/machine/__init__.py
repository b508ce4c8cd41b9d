"""The host side of the machine: environment, build, firmware, QEMU, console, faults on purpose.

`build.py` and the booted tests stand on the same modules, so what a test sees is what `build.py run` does.
Nothing here is imported by the compiler, the runtime or the kernel.
"""
