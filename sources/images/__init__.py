"""Images: check and clean an upload, make its renditions, store them, and show them."""
