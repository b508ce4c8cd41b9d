"""Limits and sizes of the kernel, each with its unit and its reason.

Constants only; rank 0, imports nothing but types.

A limit that is reached is an errno or a refused boot, never a corrupted neighbour: whoever owns the limited thing
tests it.
"""

from __future__ import annotations

from typing import Final

KERNEL_NAME: Final = "pyc"
KERNEL_VERSION: Final = "0.1.0"

# CPUs with their own block, descriptor tables and interrupt stacks. Only the first runs for now; each costs 40 KiB of
# .bss.
MAXIMUM_CPUS: Final = 2

# Bytes. 64 KiB holds some 1300 descriptors; the largest maps reported from servers have about 500.
MEMORY_MAP_BYTES: Final = 65536
# Descriptors by which the map may grow between two calls (Linux keeps 8; firmware that logs on the way needs more).
MEMORY_MAP_SLACK: Final = 16
# Tries of GetMemoryMap + ExitBootServices before the boot gives up.
EXIT_BOOT_SERVICES_TRIES: Final = 16
# Bytes, ASCII, without a terminator.
COMMAND_LINE_BYTES: Final = 256

# Bytes. The compiler refuses frames over 1 KiB and reports the deepest stack; 64 KiB leaves room for nested interrupts.
BOOT_STACK_BYTES: Final = 65536
# Bytes, the kernel stack on which a program's system calls and faults run.
KERNEL_STACK_BYTES: Final = 32768
# Bytes, each of the four stacks of the interrupt stack table (double fault, NMI, machine check, debug).
INTERRUPT_STACK_BYTES: Final = 8192
# Kernel stacks that can exist at once; each slot takes address space only until it is used.
MAXIMUM_KERNEL_STACKS: Final = 256

# Bytes of log kept for sinks that register late (the screen shows the boot from its first line).
LOG_HISTORY_BYTES: Final = 16384
# Frames of a traceback printed by a panic; a cycle of frame pointers ends there.
PANIC_TRACE_DEPTH: Final = 32

# Polls of the transmitter before the serial port counts as absent: one poll takes about 1 us, a full FIFO drains in
# 1.4 ms.
SERIAL_POLL_LIMIT: Final = 200_000

# Timer ticks per second: 10 ms is the resolution of sleeping and of pre-emption.
TIMER_FREQUENCY: Final = 100
# Microseconds of one calibration run against the PIT; three runs, the shortest counts.
CALIBRATION_MICROSECONDS: Final = 5_000
# Polls of port 0x61 before a calibration run counts as failed (a port read takes about 1 us).
CALIBRATION_POLL_LIMIT: Final = 1_000_000
# Hertz. A time-stamp counter outside of this range was measured wrongly.
SLOWEST_TIMESTAMP: Final = 100_000_000
FASTEST_TIMESTAMP: Final = 10_000_000_000

# Bytes of the stretch of kernel address space in which device registers are mapped.
DEVICE_MEMORY_BYTES: Final = 1 << 39

# Regions of the memory map kept after the boot.
MAXIMUM_MEMORY_REGIONS: Final = 512
