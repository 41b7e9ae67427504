"""Full-text search: what a reader asks -> stories, claims and sources that readers may see.

`finding.search` is the whole of it for pages, feeds and the API. `query` reads what was typed, `indexing` keeps
the indexes, `sqlite` and `postgresql` say how each engine does it, `matching` is for filters.
"""
