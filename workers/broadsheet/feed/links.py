"""The feed server's own addresses, as its feeds and pages name them."""

from dataclasses import dataclass
from urllib.parse import quote

ARTICLE_CHARS = 14_000
"""Of an article's body in a feed: some 2,500 words, so that 50 long ones fit. The record has the rest."""


@dataclass(frozen=True, slots=True)
class Links:
    """`base` is the server's public address without a slash at its end; `path` what was asked for, with its query."""

    base: str
    path: str

    @property
    def home(self) -> str:
        """The page for people."""
        return f"{self.base}/"

    @property
    def itself(self) -> str:
        """What was asked for."""
        return self.base + self.path

    def article(self, article_id: str) -> str:
        """An article of this server."""
        return f"{self.base}/articles/{quote(article_id, safe='')}"
