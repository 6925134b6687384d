"""Pages from files: each page, line or record becomes one Input, in order, and a broken one never ends the rest.

The forms, told by the file's name or else by its first bytes: `.html`, `.txt` (a text dump), `.json` (one envelope),
NDJSON envelopes (`.ndjson`, `.jsonl`), `.warc`, `.arc`, `.wacz`, each with `.gz` or `.zst`. Reading streams: memory is
bounded by one page, whatever the size of the file.
"""

from broadsheet.inputs.mapping import Mapped, MappingError, read_mapping
from broadsheet.inputs.reading import read_inputs, sources
from broadsheet.inputs.streams import Meter
from broadsheet.inputs.values import Form, Input, Source

__all__ = [
    "Form", "Input", "Mapped", "MappingError", "Meter", "Source", "read_inputs", "read_mapping", "sources",
]  # fmt: skip
