"""Broadsheet: raw scraped web pages in, clean, separate, enriched news articles out."""

from broadsheet import compiled as compiled  # before any module of the core: which build of it is used

__version__ = "0.1.0"
