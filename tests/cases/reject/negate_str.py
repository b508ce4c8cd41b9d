"""`-` is not defined for a str."""

name = "a"
print(-name)  # error: E0314 "-name"
