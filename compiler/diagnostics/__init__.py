"""What can go wrong with a user's program, and how it is shown.

`span` says where, `diagnostic` says what, `codes` holds the stable codes with their explanations, `sink` collects,
`render` prints. Nothing here knows the language; every stage may import this package and it imports none of them.
"""
