"""Markdown, as crawlers give it, into the lines of a dump that know what they are."""
