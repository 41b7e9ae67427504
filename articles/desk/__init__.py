"""What an editor can do with a story's claims at the review desk, without HTTP.

`actions.apply_action` is the entry point: it takes one action and returns what has changed. `cards` builds the data
that the desk shows. `snapshots` stores a claim as data, with its version. `claim_fields`, `chains` and `spans` change
claims. `source_suggestions` suggests sources while somebody types.
"""
