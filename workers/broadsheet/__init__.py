"""Broadsheet: raw scraped web pages in, clean, separate, enriched news articles out."""

__version__ = "0.1.0"
