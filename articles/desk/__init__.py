"""The desk's rules, without HTTP: what an editor does to a story's claims, how it is recorded and taken back.

`acting.act` is the door: one action in, what is now true out. `cards` says what the desk shows of a claim,
`snapshots` what a claim was and its version; `stating`, `attributing` and `placing` do the work; `choosing`
suggests sources while somebody types.
"""
