"""IR → LLVM text → object bytes. `machine.py` alone imports llvmlite; everything else prints text."""
