"""The forms in which a dump comes: plain text, or Markdown, said or told by its marks."""

from broadsheet.dump.lines import read_lines
from broadsheet.dump.markdown.lines import TooManyMarksError, read_markdown
from broadsheet.dump.markdown.tell import is_markdown
from broadsheet.text.line import Line
from broadsheet.values import ContentType, Page


def read_dump(page: Page) -> list[Line]:
    """The lines of a dump that hold text, in order. Raises `PageError` (too-large) for too many."""
    if page.content_type is ContentType.MARKDOWN or is_markdown(page.text):
        try:
            return read_markdown(page.text)
        except TooManyMarksError:
            pass
    return read_lines(page.text)
