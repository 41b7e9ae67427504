"""Images: uploads, processing, renditions, storage, and what pages need."""
