"""A loop variable has one type."""
# mypy: accepts (it joins the items to object)

pair = (1, "two")
for item in pair:  # error: E0348 "pair"
    print("item")
