"""A loop over a display needs items of one type."""
# mypy: accepts (it joins the items to object)

for item in (1, "two"):  # error: E0326 ""two""
    print("item")
