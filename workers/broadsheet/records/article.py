"""The `articles` record, `article/1`: written from an Article, and read."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from broadsheet import __version__
from broadsheet.moments import written_moment
from broadsheet.records.reading import (
    ANY,
    INTEGER,
    LIST,
    LIST_OR_NULL,
    NUMBER,
    OBJECT,
    OBJECT_OR_NULL,
    PAGE_FIELDS,
    TEXT,
    TEXT_OR_NULL,
    Types,
    read_record,
)
from broadsheet.records.writing import page_fields, record_bytes, span_field
from broadsheet.values import Article, Author, Block, Removed

SCHEMA = "article/1"
_SAMPLE_CHARS = 80
"""How much of a dropped block's text a record shows; `extract --explain` shows more."""

_FIELDS: Mapping[str, Types] = {
    "schema": TEXT,
    "id": TEXT,
    "url": TEXT_OR_NULL,
    "page": OBJECT,
    "headline": TEXT_OR_NULL,
    "subheadline": TEXT_OR_NULL,
    "body_text": TEXT,
    "blocks": LIST,
    "authors": LIST,
    "byline": TEXT_OR_NULL,
    "credits": LIST,
    "dateline": OBJECT_OR_NULL,
    "published_at": TEXT_OR_NULL,
    "modified_at": TEXT_OR_NULL,
    "language": OBJECT_OR_NULL,
    "site": OBJECT,
    "section": TEXT_OR_NULL,
    "keywords": LIST,
    "places": LIST_OR_NULL,
    "summary": TEXT_OR_NULL,
    "images": LIST,
    "links": LIST,
    "word_count": INTEGER,
    "reading_minutes": INTEGER,
    "content_hash": TEXT,
    "minhash": TEXT_OR_NULL,
    "provenance": OBJECT,
    "removed": LIST,
    "metadata": ANY,
    "pipeline": OBJECT,
}
_PARTS: Mapping[str, Mapping[str, Types]] = {
    "page": {**PAGE_FIELDS, "position": INTEGER, "of": INTEGER, "span": LIST_OR_NULL},
    "blocks": {"type": TEXT, "text": TEXT},
    "authors": {"name": TEXT},
    "site": {"domain": TEXT_OR_NULL, "name": TEXT_OR_NULL},
    "images": {"url": TEXT_OR_NULL, "caption": TEXT_OR_NULL, "credit": TEXT_OR_NULL, "alt": TEXT_OR_NULL},
    "links": {"url": TEXT, "text": TEXT},
    "removed": {"kind": TEXT, "count": INTEGER, "sample": TEXT},
    "pipeline": {"version": TEXT, "extracted_at": TEXT, "cpu_ms": NUMBER},
}


def article_record(
    article: Article, *, extracted_at: datetime, cpu_ms: float, sample_chars: int = _SAMPLE_CHARS
) -> bytes:
    """An article as it goes onto `articles`, valid against `schemas/article/1.json`.

    `extracted_at` needs an offset (ValueError). `cpu_ms` is the CPU time of the whole page, in milliseconds.
    `places` is null: they are not looked for yet. Of what was removed, each kind shows its count and the start of
    its first text, `sample_chars` long. All but `pipeline` depends on the article alone.
    """
    record = {
        "schema": SCHEMA,
        "id": article.id,
        "url": article.url,
        "page": _page(article),
        "headline": article.headline,
        "subheadline": article.subheadline,
        "body_text": article.body_text,
        "blocks": [_block(block) for block in article.body],
        "authors": [_author(author) for author in article.authors],
        "byline": article.byline,
        "credits": article.credits,
        "dateline": article.dateline,
        "published_at": article.published_at,
        "modified_at": article.modified_at,
        "language": article.language,
        "site": {"domain": article.site_domain, "name": article.site_name},
        "section": article.section,
        "keywords": article.keywords,
        "places": None,
        "summary": article.summary,
        "images": article.images,
        "links": [{"url": link.url, "text": link.text} for link in article.links],
        "word_count": article.word_count,
        "reading_minutes": article.reading_minutes,
        "content_hash": article.content_hash,
        "minhash": article.minhash,
        "provenance": dict(sorted(article.provenance.items())),
        "removed": removed_field(article.removed, sample_chars),
        "metadata": article.metadata,
        "pipeline": {"version": __version__, "extracted_at": written_moment(extracted_at), "cpu_ms": round(cpu_ms, 3)},
    }
    if article.page_type is not None:
        record["page_type"] = article.page_type.value
    size = 2 * len(article.body_text) + sum(len(link.url) + len(link.text) for link in article.links)
    return record_bytes(record, size)


def read_article(value: bytes) -> dict[str, Any]:
    """An `articles` record as a dict. Raises `RecordError` where a field of the contract is missing or mistyped."""
    return read_record(value, SCHEMA, _FIELDS, _PARTS)


def removed_field(removed: Iterable[Removed], sample_chars: int) -> list[dict[str, Any]]:
    """What was dropped, by kind in the order of first appearance: how often, and the start of the first."""
    kinds: dict[str, dict[str, Any]] = {}
    for one in removed:
        entry = kinds.get(one.kind)
        if entry is None:
            kinds[one.kind] = {"kind": one.kind, "count": 1, "sample": one.text[:sample_chars]}
        else:
            entry["count"] += 1
    return list(kinds.values())


def _page(article: Article) -> dict[str, Any]:
    """Where the article comes from; `pagination` only where the page is one of several of its text."""
    place: dict[str, Any] = {"position": article.position, "of": article.of, "span": span_field(article.span)}
    if article.pagination:
        number, pages = article.pagination
        place["pagination"] = {"page": number, "of": pages}
    return page_fields(article.page) | place


def _block(block: Block) -> dict[str, Any]:
    """Type and text; the level of a heading; the address of a block that is one link as a whole."""
    fields: dict[str, Any] = {"type": block.kind, "text": block.text}
    if block.level is not None:
        fields["level"] = block.level
    if len(block.links) == 1 and block.links[0].text == block.text:
        fields["url"] = block.links[0].url
    return fields


def _author(author: Author) -> dict[str, str]:
    return {"name": author.name} if author.url is None else {"name": author.name, "url": author.url}
