"""How fast the house is: `make bench` makes its own copy, imports it into a database of its own, and prints tables.

Nothing here is part of the site, and nothing of the site is touched.
"""
