"""What the core does in C where it was compiled: each module here is the twin of Python that gives the same.

Importing anything from here raises `ImportError` where the compiled modules are not to be used (`broadsheet.compiled`);
whoever has a twin catches that and uses its own.
"""

from broadsheet import compiled

if compiled.STATE != "compiled":
    raise ImportError(f"the core is {compiled.STATE}")
