"""The text console: line editing, escape codes, the character grid, the font and the painter."""
