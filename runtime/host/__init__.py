"""The CPython side of the vocabulary: checked memory and a simulated machine."""
