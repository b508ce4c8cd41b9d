"""The mid-level language: typed, block-structured, built as if nothing could fail. A noun: it imports no stage."""
