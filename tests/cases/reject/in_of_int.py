"""`in` needs a container."""

count = 3
print(1 in count)  # error: E0314 "1 in count"
