"""The records that leave on Kafka, written and read: articles, outcomes, dead letters. Their contract is `schemas/`.

Written by orjson with the fields in the contract's order, so that the same article gives the same bytes. A reader
gives back a record as a dict once it holds to the contract's fields, or raises `RecordError` naming what does not.
"""

from broadsheet.records.article import article_record, read_article
from broadsheet.records.dead import DeadLetter, dead_headers, read_dead, without_dead_headers
from broadsheet.records.outcome import dead_outcome_record, outcome_record, read_outcome
from broadsheet.records.reading import RecordError

__all__ = [
    "DeadLetter",
    "RecordError",
    "article_record",
    "dead_headers",
    "dead_outcome_record",
    "outcome_record",
    "read_article",
    "read_dead",
    "read_outcome",
    "without_dead_headers",
]
