"""An annotated variable takes only its type."""

limit: int = "ten"  # error: E0307 ""ten""
print(limit)
