"""Month names of the languages of the news, folded: what a date in a page's text is read with."""

from broadsheet.text.tables import LANGUAGES

MONTHS = {name: month for language in LANGUAGES for month, names in enumerate(language.months, 1) for name in names}
"""Folded month name to its number. No two languages give a name to different months: where they do, as Croatian and
Polish with "listopad", only the one with more readers has it in its table."""
