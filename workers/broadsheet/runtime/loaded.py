"""Imported where children are forked from: they start with all models read, and share their memory."""

from broadsheet.loading import load_all

load_all()
