"""The REST API: public reading; with a key, propose, review and publish."""
