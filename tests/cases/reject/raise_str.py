"""Only exceptions are raised."""

raise "wrong"  # error: E0352 ""wrong""
