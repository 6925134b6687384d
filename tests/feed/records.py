"""Article records as the worker writes them, with the fields that a test cares about."""

from typing import Any

import orjson

from broadsheet.records import read_article


def record(article_id: str, **fields: Any) -> bytes:
    """A whole record, valid by its contract; `fields` stand in place of the fictional ones."""
    made: dict[str, Any] = {
        "schema": "article/1",
        "id": article_id,
        "url": f"https://harbour-post.example/news/{article_id}",
        "page": {
            **{"url": f"https://harbour-post.example/news/{article_id}", "page_id": None, "source": "test"},
            **{"topic": "pages.raw", "partition": 0, "offset": 7, "fetched_at": "2026-03-02T07:00:00Z"},
            **{"sha256": "0" * 64, "position": 0, "of": 1, "span": None},
        },
        "headline": f"Ferry {article_id} leaves on time",
        "subheadline": None,
        "body_text": "The ferry left at seven.\n\nNobody was left behind on the quay.",
        "blocks": [
            {"type": "paragraph", "text": "The ferry left at seven."},
            {"type": "paragraph", "text": "Nobody was left behind on the quay."},
        ],
        "authors": [{"name": "Ada Quill", "url": None}],
        "byline": "By Ada Quill",
        "credits": [],
        "dateline": None,
        "published_at": "2026-03-02T06:30:00+01:00",
        "modified_at": None,
        "language": {"code": "en", "confidence": 0.99},
        "site": {"domain": "harbour-post.example", "name": "Harbour Post"},
        "section": "Local",
        "keywords": ["ferry"],
        "places": None,
        "summary": "A ferry left when it should.",
        "images": [],
        "links": [],
        "word_count": 12,
        "reading_minutes": 1,
        "content_hash": "h",
        "minhash": None,
        "provenance": {},
        "removed": [],
        "metadata": None,
        "pipeline": {"version": "0", "extracted_at": "2026-03-02T07:00:01Z", "cpu_ms": 1.0},
    }
    assert set(fields) <= set(made), "a test's field that no record has"
    value = orjson.dumps({**made, **fields})
    read_article(value)
    return value
