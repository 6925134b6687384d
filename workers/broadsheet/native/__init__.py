"""What the core does in C: Cython modules that share `common.pxd`, built by `hatch_build.py`.

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
