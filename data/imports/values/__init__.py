"""
What stands in cells, read as what it means.

Every reader takes a cell and returns a value, or raises `InvalidValueError` with a code for
programs and a sentence for people.
"""
