"""Benchmarks of imports and pages.

They use their own articles and databases, not the site's.
"""
