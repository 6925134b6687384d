"""Which pages are refused: what says so, how sure it is, and what the caller may have instead."""

import orjson
import pytest

import broadsheet
from broadsheet.errors import NoneReason
from broadsheet.options import Options
from broadsheet.samples import samples
from tests.contract.holding import valid

URL = "https://www.lowtideherald.example/2031/05/04/ferry-mended"
STORY = (
    "<p>The ferry to the north island sails again from Monday, the harbour office said, nine days after its engine "
    "failed in the strait with forty people aboard.</p><p>Its captain said that the new part had come by train and "
    "that the first boat would leave at six in the morning, as it always did.</p>"
)
HEAD = (
    '<title>Ferry sails again</title><meta property="og:type" content="article">'
    '<meta property="article:published_time" content="2031-05-04T06:00:00Z">'
)
LISTING = next(sample.raw.value for sample in samples() if sample.name == "listing")
LISTED = "https://www.harbour-gazette.example/news"


def page(body: str, *, top: str = "", bottom: str = "", lang: str = "en") -> str:
    article = f"<main><article><h1>Ferry sails again</h1>{body}</article></main>"
    return f'<html lang="{lang}"><head>{HEAD}</head><body>{top}{article}{bottom}</body></html>'


@pytest.mark.parametrize(
    ("top", "bottom"),
    [
        ('<header><a href="/login">Please log in</a><a href="/join">Already have an account?</a></header>', ""),
        ("", '<div class="theme-box" hidden><h4>Page not found</h4><p>Sorry, it went wrong.</p></div>'),
        ("", '<form><input name="mail"><p class="error">Oops! Something went wrong while sending the form.</p></form>'),
        ("", "<footer><p>Forgot your password?</p><p>Anmelden, um zu kommentieren</p></footer>"),
    ],
)
def test_words_of_a_wall_beside_a_short_story_do_not_refuse_it(top: str, bottom: str) -> None:
    [article] = broadsheet.extract(page(STORY, top=top, bottom=bottom), url=URL)
    assert article.body_text.startswith("The ferry to the north island")
    assert article.page_type is None


@pytest.mark.parametrize(
    "said",
    [
        "<p>Please log in to continue reading this story, or create an account to read three stories a month.</p>",
        "<p>Sorry, the page could not be found.</p>",
    ],
)
def test_a_wall_without_a_story_is_none(said: str) -> None:
    result = broadsheet.read_page(f"<html><body><h1>Low Tide Herald</h1>{said}</body></html>", url=URL)
    assert result.articles == ()
    assert result.reason in (NoneReason.LOGIN_WALL, NoneReason.ERROR_PAGE)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        (
            "zh",
            "北岛渡船周一恢复航行，港务局说，九天前它的发动机在海峡中央失灵。船长说，新零件是坐火车来的。",
        ),
        (
            "ja",
            "北の島への渡し船は月曜日から再び運航すると港が発表した。九日前、船の機関が海峡で止まっていた。",
        ),
    ],
)
def test_a_short_story_in_a_script_without_blanks_is_one(lang: str, text: str) -> None:
    [article] = broadsheet.extract(page(f"<p>{text}</p><p>{text[::-1]}。</p>", lang=lang), url=URL)
    assert text in article.body_text


def test_a_refusal_says_how_sure_it_is() -> None:
    result = broadsheet.read_page(LISTING, url=LISTED)
    assert result.reason is NoneReason.LISTING
    assert result.confidence is not None
    assert 0.5 < result.confidence <= 1
    assert valid("outcome", broadsheet.outcome_json(result))["confidence"] == result.confidence


def test_an_article_has_no_confidence_of_being_none() -> None:
    result = broadsheet.read_page(page(STORY), url=URL)
    assert result.confidence is None
    assert "confidence" not in orjson.loads(broadsheet.outcome_json(result))


def test_never_publishes_what_has_text_and_says_what_it_looks_like() -> None:
    [article] = broadsheet.extract(LISTING, url=LISTED, options=Options(refuse="never"))
    assert article.page_type is NoneReason.LISTING
    assert article.body_text
    assert valid("article", broadsheet.to_json(article))["page_type"] == "listing"
    assert broadsheet.extract("<html><body></body></html>", options=Options(refuse="never")) == []


def test_never_changes_nothing_of_a_story() -> None:
    assert broadsheet.extract(page(STORY), url=URL, options=Options(refuse="never")) == broadsheet.extract(
        page(STORY), url=URL
    )


@pytest.mark.parametrize(
    ("said", "reasons"),
    [
        ("Wir und unsere bis zu 90 Partner verarbeiten Daten auf Ihrem Gerät. Lesen Sie ohne Werbung im Abo.", "wall"),
        ("Nous et nos 340 partenaires utilisons des traceurs. Vous pouvez continuer sans accepter.", "wall"),
        ("Nosotros y nuestros 112 socios guardamos información en su aparato para mostrarle anuncios.", "wall"),
        ("Please enable JavaScript to read the Herald. If it does not help, call our desk on weekdays.", "wall"),
        ("Подтвердите, что вы человек: мы заметили много запросов с вашего адреса.", "wall"),
        ("This article has been removed, because the rights to its pictures have ended.", "error"),
        ("Dieser Beitrag ist leider nicht mehr verfügbar. Vielleicht finden Sie ihn in der Zeitung.", "error"),
        ("この記事は削除されました。港の図書館では紙の新聞を読むことができます。", "error"),
    ],
)
def test_walls_and_removed_stories_are_told_in_their_languages(said: str, reasons: str) -> None:
    more = "<p>The readers' desk is open from nine to five, and the town library keeps every printed number.</p>" * 3
    result = broadsheet.read_page(f"<html><body><main><h1>Herald</h1><p>{said}</p>{more}</main></body></html>", url=URL)
    wanted = {"wall": NoneReason.LOGIN_WALL, "error": NoneReason.ERROR_PAGE}
    assert result.reason is wanted[reasons]
