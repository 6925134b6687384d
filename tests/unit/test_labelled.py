"""Exports of press archives, mails run together, numbered cuttings, stories with rows of signs between them."""

import pytest

from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.values import Article, RawPage

FERRY = [
    "The ferry to Port Ellery sails with its lamps lit again from this week, after eleven months in the dark.",
    "The harbour board voted on Friday to pay for a new generator, two years later than its engineers had asked.",
    "“I learned to tell the doors by their smell,” said the steward, who will keep his torch all the same.",
]
CRANE = [
    "The old crane stays where it has stood since 1911, although nobody has lifted anything with it for years.",
    "A painter had offered to buy it, and wanted to put it into his garden, where he could see it while he cooks.",
    "It weighs as much as nine elephants, the board was told, and it will be painted green before the summer.",
]
BODIES = {"Night ferry gets its lights back": FERRY, "Crane without work keeps its place": CRANE}


def body(name: str) -> str:
    return "\n\n".join(BODIES[name])


F, C = BODIES
FORMATS = {
    "nexis, newer": f"""{F}
Holm Bay Mail
March 12, 2026 Thursday

Copyright 2026 Holm Bay Media All Rights Reserved
Section: NEWS; Pg. 4
Length: 60 words
Byline: Ida Moss
Body

{body(F)}

Load-Date: March 13, 2026

End of Document

{C}
Holm Bay Mail
March 13, 2026 Friday

Copyright 2026 Holm Bay Media All Rights Reserved
Section: NEWS; Pg. 5
Length: 58 words
Byline: Sam Levy
Body

{body(C)}

Load-Date: March 13, 2026

End of Document
""",
    "nexis, older": f"""1 of 2 DOCUMENTS

Holm Bay Mail

March 12, 2026 Thursday

SECTION: NEWS; Pg. 4

LENGTH: 60 words

HEADLINE: {F}

BYLINE: By Ida Moss

BODY:
{body(F)}

LOAD-DATE: March 12, 2026

2 of 2 DOCUMENTS

Holm Bay Mail

March 13, 2026 Friday

SECTION: NEWS; Pg. 5

LENGTH: 58 words

HEADLINE: {C}

BYLINE: Sam Levy

BODY:
{body(C)}

LOAD-DATE: March 13, 2026
""",
    "factiva, in words": f"""{F}
Ida Moss
60 words
12 March 2026
Holm Bay Mail
HOLMB
4
English
Copyright 2026. Holm Bay Media.

{body(F)}

Document HOLMB00020260312em3c0001a

{C}
Sam Levy
58 words
13 March 2026
Holm Bay Mail
HOLMB
5
English
Copyright 2026. Holm Bay Media.

{body(C)}

Document HOLMB00020260313em3d0001b
""",
    "factiva, in codes": f"""HD  {F}
BY  Ida Moss
WC  60 words
PD  12 March 2026
SN  Holm Bay Mail
LA  English
CY  (c) 2026 Holm Bay Media
LP
{FERRY[0]}

TD
{FERRY[1]}

{FERRY[2]}

PUB  Holm Bay Media
AN  Document HOLMB00020260312em3c0001a

HD  {C}
BY  Sam Levy
WC  58 words
PD  13 March 2026
SN  Holm Bay Mail
LA  English
CY  (c) 2026 Holm Bay Media
LP
{CRANE[0]}

TD
{CRANE[1]}

{CRANE[2]}

PUB  Holm Bay Media
AN  Document HOLMB00020260313em3d0001b
""",
    "german archive": f"""Dokument 1 von 2

Titel: {F}
Autor: Ida Moss
Quelle: Holm Bay Mail
Datum: 12.03.2026
Ressort: Lokales
Seite: 4

{body(F)}

Dokument 2 von 2

Titel: {C}
Autor: Sam Levy
Quelle: Holm Bay Mail
Datum: 13.03.2026
Ressort: Lokales
Seite: 5

{body(C)}
""",
}


def read(text: str) -> tuple[Article, ...]:
    return read_page(RawPage(text.encode(), headers=(("content-type", b"text/plain"),)), Options()).articles


@pytest.mark.parametrize("name", FORMATS)
def test_an_archives_documents_come_with_their_fields(name: str) -> None:
    articles = read(FORMATS[name])
    assert [article.headline for article in articles] == [F, C]
    assert [article.body_text.split("\n\n") for article in articles] == [FERRY, CRANE]
    assert [[author.name for author in article.authors] for article in articles] == [["Ida Moss"], ["Sam Levy"]]
    assert [article.published_at for article in articles] == ["2026-03-12", "2026-03-13"]
    assert {article.site_name for article in articles} == {"Holm Bay Mail"}


def test_mails_run_together_are_stories_by_their_subjects() -> None:
    head = "From: desk@mail.example\nTo: all@mail.example\nDate: Thu, 12 Mar 2026 08:1"
    mails = (f"{head}{at}:00 +0100\nSubject: {name}\n\n{body(name)}\n\n" for at, name in enumerate(BODIES))
    articles = read("".join(mails))
    assert [article.headline for article in articles] == [F, C]
    assert [article.published_at for article in articles] == ["2026-03-12T08:10:00+01:00", "2026-03-12T08:11:00+01:00"]
    assert [article.body_text.split("\n\n") for article in articles] == [FERRY, CRANE]


def test_numbered_cuttings_have_their_source_below_the_headline() -> None:
    cuttings = (
        f"{at}. {name}\n\nHolm Bay Mail, Thursday {11 + at} March 2026, p. {at}, 60w.\n\n{body(name)}\n\n\n"
        for at, name in enumerate(BODIES, 1)
    )
    articles = read("".join(cuttings))
    assert [(article.headline, article.published_at, article.site_name) for article in articles] == [
        (F, "2026-03-12", "Holm Bay Mail"),
        (C, "2026-03-13", "Holm Bay Mail"),
    ]


def test_a_story_that_speaks_of_documents_and_dates_is_one() -> None:
    points = "1. The first point, made on 12 March 2026, stands.\n\n2. So does the second."
    text = f"{F}\n\nDate: Friday\n\n{body(F)}\n\n{points}\n\n{body(C)}"
    (article,) = read(text)
    assert article.headline == F
    assert "label" not in article.provenance.values()


@pytest.mark.parametrize(
    "text", ["1 of 2 DOCUMENTS\n2 of 2 DOCUMENTS\n", "HEADLINE: x\nBYLINE: y\nLENGTH: 3 words\n" * 3]
)
def test_labels_without_a_story_give_none(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    "row", ["-" * 40, "* * * * *", "_" * 20, "(END)", "-30-", "###", "Document 2 of 2", "\f" + "=" * 10]
)
def test_what_stands_between_stories_parts_them(row: str) -> None:
    articles = read(f"{F}\n\n{body(F)}\n\n{row}\n\n{C}\n\n{body(C)}\n")
    assert [article.headline for article in articles] == [F, C]
    assert [article.body_text.split("\n\n") for article in articles] == [FERRY, CRANE]


def test_a_row_between_scenes_of_a_story_parts_nothing() -> None:
    (article,) = read(f"{F}\n\n{body(F)}\n\n* * * * *\n\n{body(C)}\n")
    assert article.body_text.split("\n\n") == [*FERRY, *CRANE]


def test_a_story_of_800_paragraphs_is_kept_whole() -> None:
    paragraphs = [
        f"On day {at} " + " ".join(FERRY[at % 3].split()[2:] + CRANE[at * 7 % 3].split()[1:]) for at in range(800)
    ]
    (article,) = read("\n\n".join([F, *paragraphs]))
    assert article.body_text.split("\n\n") == paragraphs
