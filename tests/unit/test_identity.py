"""Which article is which: the same each time, apart where it should be, together where it should be."""

from broadsheet.identity import article_ids, content_hash
from broadsheet.values import Block, Kind, Story

PAGE = "https://example.com/today"


def story(
    headline: str | None, text: str = "The boats lay still. Nobody knew why.", permalink: str | None = None
) -> Story:
    return Story(headline=headline, body=(Block(text, Kind.PARAGRAPH),), permalink=permalink)


def test_an_article_alone_on_its_page_is_its_address() -> None:
    (one,) = article_ids([story("A headline")], PAGE)
    (changed,) = article_ids([story("A better headline", "Another text altogether.")], PAGE)
    assert one == changed
    assert one != article_ids([story("A headline")], "https://example.com/tomorrow")[0]


def test_an_article_is_the_same_on_its_own_page_and_in_a_stream() -> None:
    (alone,) = article_ids([story("Ferry")], "https://example.com/ferry")
    streamed = article_ids([story("Ferry", permalink="http://www.example.com/ferry/"), story("Bell")], PAGE)
    assert streamed[0] == alone
    assert streamed[1] != alone


def test_stories_of_one_page_are_told_apart_by_their_headlines() -> None:
    ids = article_ids([story("Ferry"), story("Bell")], PAGE)
    assert len(set(ids)) == 2
    assert article_ids([story("BELL!"), story("ferry")], PAGE) == ids[::-1]


def test_a_permalink_that_two_stories_share_is_neithers() -> None:
    ids = article_ids([story("Ferry", permalink=PAGE), story("Bell", permalink=PAGE)], PAGE)
    assert ids == article_ids([story("Ferry"), story("Bell")], PAGE)


def test_without_an_address_headline_and_first_sentence_tell() -> None:
    (one,) = article_ids([story("Ferry")], None)
    assert one == article_ids([story("ferry", "The boats lay still. And a new second sentence.")], None)[0]
    assert one != article_ids([story("Ferry", "The boats sailed on. Nobody knew why.")], None)[0]
    assert one == article_ids([story("Ferry"), story("Bell")], None)[0]


def test_the_same_twice_on_a_page_is_numbered() -> None:
    ids = article_ids([story("Ferry")] * 3, PAGE)
    assert len(set(ids)) == 3
    assert ids[0] == article_ids([story("Ferry"), story("Bell")], PAGE)[0]


def test_stories_without_headlines_have_ids() -> None:
    assert len(set(article_ids([story(None), story(None, "Another text.")], None))) == 2


def test_the_content_hash_is_of_the_text_alone() -> None:
    assert content_hash("Café", "Text") == content_hash("Cafe\u0301", "Text")
    assert content_hash("A", "B") != content_hash("A", "B ")
    assert content_hash(None, "A") != content_hash("A", "")
    assert len(content_hash(None, "")) == 64
