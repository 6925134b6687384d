"""First looks at texts and blocks: in C where the core is compiled, else `extract.looks`."""

try:
    from broadsheet.native.fields import (
        byline_blocks,
        byline_signs,
        dated,
        fill,
        heading_elements,
        may_name_person,
        person_form,
        texts_of_sizes,
    )
except ImportError:
    from broadsheet.extract.looks import (
        byline_blocks,
        byline_signs,
        dated,
        fill,
        heading_elements,
        may_name_person,
        person_form,
        texts_of_sizes,
    )

__all__ = [
    "byline_blocks",
    "byline_signs",
    "dated",
    "fill",
    "heading_elements",
    "may_name_person",
    "person_form",
    "texts_of_sizes",
]
