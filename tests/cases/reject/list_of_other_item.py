"""A list holds one type."""
# mypy: accepts (it joins the two to a list of object)

items = [1, "two"]  # error: E0326 ""two""
print(len(items))
