"""
Large neighbourhood search for the profitable tour over several shifts.

`arrays` and `plan` hold the problem and the plan under work as arrays, `schedule` their times,
`insertion` and `recreate` put clients in, the `ruin_*` modules take them out, `loop` accepts or
rejects. All of it is compiled; `docs/search.md` tells how it works and why.
"""
