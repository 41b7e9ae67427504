"""The REST API: read what is public; with a key, propose claims, review and publish."""
