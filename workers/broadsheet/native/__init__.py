"""What the core does in C: Cython modules, built by `hatch_build.py`; what several of them need stands in their .pxd.

Importing anything from here raises one `ImportError`, named `broadsheet.native`, where they are not built.
"""

try:
    from broadsheet.native import names as names
except ImportError as error:
    raise ImportError(
        f"Broadsheet's compiled core is not built for this Python: in a checkout run make core, else install a wheel "
        f"({error})",
        name=__name__,
    ) from error
