"""Full-text indexes: queries, snippets, and a backend for each database."""
