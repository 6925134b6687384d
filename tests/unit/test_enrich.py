"""A story into an article: addresses, language, agencies, counts, and where each field came from."""

from broadsheet.enrich.article import body_text, enrich
from broadsheet.enrich.language import tell_language
from broadsheet.enrich.minhash import SLOTS, minhash
from broadsheet.values import Author, Block, ContentType, Extraction, Image, Kind, Link, Page, PageFacts, Story

URL = "https://www.example.com/news/ferry?utm_source=feed"
ENGLISH = "The boats of the harbour lay still, and nobody who was asked could say when they would sail again."


def page(url: str | None = URL) -> Page:
    return Page(url, "", ContentType.HTML, "0" * 64)


def paragraph(text: str = ENGLISH, *links: Link) -> Block:
    return Block(text, Kind.PARAGRAPH, links=links)


def similarity(one: str, other: str) -> float:
    slots = [[sign[i : i + 8] for i in range(0, len(sign), 8)] for sign in (minhash(one) or "", minhash(other) or "")]
    return float(sum(a == b for a, b in zip(*slots, strict=True)) / SLOTS)


def test_the_bodys_text_is_parted_by_blank_lines_but_for_items_and_rows() -> None:
    body = [
        paragraph("One."),
        Block("first", Kind.LIST_ITEM),
        Block("second", Kind.LIST_ITEM),
        Block("a | b", Kind.TABLE_ROW),
        Block("c | d", Kind.TABLE_ROW),
        Block("Subhead", Kind.HEADING, level=2),
    ]
    assert body_text(body) == "One.\n\nfirst\nsecond\n\na | b\nc | d\n\nSubhead"


def test_an_article_has_what_its_record_needs() -> None:
    story = Story(
        headline="Ferry strike",
        body=(paragraph(f"PORT ELLERY, March 5 (Reuters) - {ENGLISH}", Link("/a", "a"), Link("/a", "again")),),
        authors=(Author("Ada Lund"), Author("AFP")),
        images=(Image(url="/i.png", caption="The quay"),),
        provenance={"headline": "h1"},
    )
    facts = PageFacts(site_name="The Gazette", language="en-GB", provenance={"site": "meta"})
    (article,) = enrich(Extraction((story,), facts), page())
    assert article.url == "https://www.example.com/news/ferry"
    assert (article.site_domain, article.site_name) == ("example.com", "The Gazette")
    assert article.authors == (Author("Ada Lund"),)
    assert article.credits == ("Reuters", "AFP")
    assert article.dateline is not None
    assert article.dateline.place == "Port Ellery"
    assert article.language is not None
    assert article.language.code == "en"
    assert article.images[0].url == "https://www.example.com/i.png"
    assert [link.url for link in article.links] == ["https://www.example.com/a"]
    assert (article.word_count, article.reading_minutes) == (24, 1)
    assert article.provenance == {
        "credits": "dateline",
        "dateline": "first-paragraph",
        "headline": "h1",
        "language": "text+page",
        "site": "meta",
        "url": "page-url",
    }


def test_an_agency_that_signs_alone_is_the_author() -> None:
    (article,) = enrich(Extraction((Story("A", (paragraph(),), authors=(Author("dpa"),)),)), page())
    assert article.authors == (Author("dpa"),)
    assert article.credits == ("dpa",)


def test_a_permalink_is_the_articles_address() -> None:
    stories = (Story("A", (paragraph(),), permalink="/news/a?fbclid=1"), Story("B", (paragraph(),)))
    first, second = enrich(Extraction(stories), page())
    assert first.url == "https://www.example.com/news/a"
    assert first.provenance["url"] == "permalink"
    assert second.url == "https://www.example.com/news/ferry"
    assert (first.position, second.position, first.of) == (0, 1, 2)


def test_the_language_is_the_texts_own_unless_it_is_too_short() -> None:
    german = "Die Fähre nach Klein-Marrow fährt seit Freitag wieder im gewohnten Takt, sagte die Reederei am Morgen."
    told = tell_language(german, "en")
    assert told is not None
    assert told.code == "de"
    assert told.confidence > 0.9
    assert (short := tell_language("OK", "pt-BR")) is not None
    assert short.code == "pt"
    assert tell_language("OK", None) is None
    assert tell_language("12 34", "no such tag at all") is None


def test_a_beginning_of_names_does_not_tell_the_language() -> None:
    names = "Anna Berg, Halvard Moe, Elin Marsh, Samuel Okoro, Tarn, Skelby, Marrow. " * 6
    german = "Die Fähre zu den drei Inseln fällt seit Montag aus, weil die Besatzung streikt und der Hafen ruht. " * 8
    told = tell_language(names + german, None)
    assert told is not None
    assert (told.code, told.confidence > 0.9) == ("de", True)


def test_a_pages_own_spelling_of_its_language_is_kept() -> None:
    norwegian = (
        "Fergen til øya går igjen etter at streiken ble avsluttet i natt, opplyste rederiet til avisen i dag tidlig."
    )
    told = tell_language(norwegian, "nb-NO")
    assert told is not None
    assert told.code == "nb"


def test_like_texts_share_a_signature() -> None:
    words = [f"word{n}" for n in range(400)]
    text = " ".join(words)
    assert minhash(text) == minhash(text.upper())
    assert similarity(text, " ".join(words[:380])) > 0.8
    assert similarity(text, " ".join(reversed(words))) < 0.2
    assert minhash("too short") is None
