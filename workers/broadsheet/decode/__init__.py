"""A message of `pages.raw` to a Page: whatever form the scraper chose, compressed or not, in any charset.

The journey: tell the form and read its fields (`forms`, `envelope`), inflate (`compression`), look whether it is a
page at all (`media`), turn bytes into text (`charset`). Everything that fails is one `PageError` with a closed reason.
"""

from broadsheet.decode.page import decode, identify

__all__ = ["decode", "identify"]
