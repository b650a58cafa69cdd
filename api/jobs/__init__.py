"""
Work that processes of their own do, told of and controlled through the table `job`.

`docs/jobs.md` tells how. Nothing is imported here: a process that works on jobs has to say where
compiled code is kept before it imports what is compiled.
"""
