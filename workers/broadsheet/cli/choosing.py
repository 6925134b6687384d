"""Which pages of the files are wanted: by address, type and date. What is unknown of a page passes no filter on it."""

import re
from dataclasses import dataclass
from datetime import datetime

from broadsheet.decode.envelope import moment
from broadsheet.decode.forms import key_address, read_fields
from broadsheet.errors import PageError
from broadsheet.inputs import Input

TYPES = {
    "html": ("text/html", "application/xhtml+xml"),
    "text": ("text/plain",),
    "markdown": ("text/markdown",),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters that are set. `since` is included, `until` is not; both have an offset."""

    match: re.Pattern[str] | None = None
    type: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, page: Input) -> bool:
        """Whether a page is wanted. What cannot be read at all is: its fault is to be told."""
        if page.fault is not None or self == Wanted():
            return True
        try:
            fields = read_fields(page.raw)
            fetched = moment(fields, "fetched_at") if self.since or self.until else None
        except PageError:
            return self.since is None and self.until is None
        url = fields.get("url") or key_address(page.raw.key)
        kind = str(fields.get("content_type") or "text/html").partition(";")[0].strip().lower()
        return (
            (self.match is None or (isinstance(url, str) and self.match.search(url) is not None))
            and (self.type is None or kind in TYPES[self.type])
            and (self.since is None or (fetched is not None and fetched >= self.since))
            and (self.until is None or (fetched is not None and fetched < self.until))
        )
