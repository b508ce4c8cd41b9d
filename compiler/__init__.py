"""pyc: an ahead-of-time compiler from a statically typed subset of Python to native x86-64.

One folder per stage, nouns apart from verbs, data flowing one way; `pipeline.py` shows the stages in order.
"""
