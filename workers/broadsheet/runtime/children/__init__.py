"""The way to the processes that work on pages: forked from a server, confined, spoken to by frames on pipes.

`server` is a worker's hold on the process that children are forked from (`forkserver`, which does the forking); `lane`
is one child as the worker sees it, `child` its life as it sees it, `confinement` what it may not do. `frames` and
`answers` say what goes through the pipes. `pool` beside this room decides which child gets which page.
"""
