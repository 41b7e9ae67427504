"""The REST API: what readers may see, as JSON; and for programs with a key, proposals, reviews and publishing."""
