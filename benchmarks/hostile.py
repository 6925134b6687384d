"""Pages made to hurt: each a small recipe, built when asked for."""

import random
from collections.abc import Callable

PROSE = "The harbour council met on Tuesday to hear why the ferry, which has run since spring, was late again. "


def _story_of_its_own_words(seed: int) -> str:
    """A headline and four paragraphs of made-up words that no other such story has."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(60)]
    lines = [" ".join(rng.choices(words, k=6)), *(" ".join(rng.choices(words, k=30)) + "." for _ in range(4))]
    return "\n\n".join(line.capitalize() for line in lines)


HOSTILE: dict[str, Callable[[], str]] = {
    "200,000 attributes on a tag": lambda: "<p " + " ".join(f"a{i}=1" for i in range(200_000)) + ">text",
    "50,000 body tags with an attribute each": lambda: "".join(f"<body a{i}=1>" for i in range(50_000)),
    "100,000 nested div": lambda: "<div>" * 100_000 + "text",
    "100,000 nested span, then rules": lambda: "<span>" * 100_000 + "<hr>" * 100_000,
    "50,000 nested lists": lambda: "<ul><li>" * 50_000 + "text",
    "100,000 div closed by strangers": lambda: "<div></x>" * 100_000,
    "100,000 shapes outside of a drawing": lambda: "<svg></svg>" + "<path/>" * 100_000 + "<div></div>" * 100_000,
    "100,000 rows inside a drawing": lambda: "<svg>" + "<tr>" * 100_000 + "</x>" * 100_000,
    "6,000 nested div, then 300,000 tags": lambda: "<div>" * 6_000 + "<i></i>" * 150_000,
    "1,000,000 unclosed p": lambda: "<p>" * 1_000_000,
    "a line of 10,000,000 characters": lambda: "<p>" + "x" * 9_999_000,
    "1,000,000 words in one paragraph": lambda: "<p>" + "word, " * 1_000_000,
    "500,000 links": lambda: '<a href="/x">y</a> ' * 500_000,
    "60,000 links": lambda: '<li><a href="/x">y z</a></li>' * 60_000,
    "2,000,000 entities": lambda: "<p>" + "&amp;" * 1_900_000,
    "10 MB of JSON-LD": lambda: '<script type="application/ld+json">[' + '{"@type":"Thing","name":"a"},' * 340_000
    + "{}]</script><p>text",
    "JSON-LD 10,000 levels deep": lambda: '<script type="application/ld+json">' + "[" * 10_000 + "]" * 10_000
    + "</script><p>text",
    "articleBody without an end": lambda: '<script type="application/ld+json">{"articleBody": "' + "a\\\\" * 2_000_000
    + "</script><p>text",
    "a page's data without an end": lambda: '<div id=root></div><script type="application/json">{"a": ['
    + '{"text": "a b c d e f"},' * 150_000 + "</script><p>text",
    "350,000 scripts without an end": lambda: "<p>text" + "<script type=text/template>" * 350_000,
    "an HTML table of 100,000 cells": lambda: "<table>" + ("<tr>" + "<td>word" * 100) * 1_000,
    "5,000,000 null bytes": lambda: "\0" * 5_000_000,
    "100,000 nested tables": lambda: "<table>" * 100_000 + "x",
    "100,000 misnested format tags": lambda: "<b><i><p></b></i>" * 100_000,
    "100,000 meta tags": lambda: '<meta name="author" content="A B">' * 100_000 + "<p>text",
    "50,000 time tags": lambda: '<time datetime="2026-01-01">x</time> ' * 50_000,
    "20,000 short paragraphs": lambda: "<div><p>a short line of some words stands here again</p></div>" * 20_000,
    "unclosed comment": lambda: "<!--" * 1_000_000 + "<p>text",
    "a class of 5 MB": lambda: '<p class="' + "aB-" * 1_600_000 + '">text',
    "20,000 h1": lambda: "<h1>a headline of five words</h1>" * 20_000,
    "2,000 breaks in a row, 1,000 times": lambda: ("x" + "<br> " * 200) * 1_000,
    "5,000,000 marks on one letter": lambda: "<p>a" + "\u0301\u0323\u0316" * 1_650_000,
    "2,400,000 misread characters": lambda: "<p>" + "\u00c3\u00a9" * 2_400_000,
    "650,000 misread words": lambda: "<p>" + "caf\u00c3\u00a9 \u00e2\u20ac\u0153 " * 650_000,
    "890,000 entities escaped twice": lambda: "<p>" + "&amp;#233; " * 890_000,
    "3,300,000 ligatures of 18 letters": lambda: "<p>" + "\ufdfa" * 3_300_000,
    "9,900,000 digits": lambda: "<p>" + "1234567890" * 990_000,
    "100,000 broken JSON-LD scripts": lambda: '<script type="application/ld+json">{"a":</script>' * 100_000 + "<p>text",
    "keywords of 10 MB": lambda: '<meta name="keywords" content="' + "ferry, 2026 - " * 700_000 + '"><p>text',
    "a language tag of 10 MB": lambda: '<html lang="' + "en-" * 3_200_000 + '"><p>' + PROSE * 10,
    "an attribute of 10 MB of blanks": lambda: '<p data-x="' + "x " * 4_900_000 + '">text',
    "12,000 short articles": lambda: "".join(
        f'<article><h2><a href="/s{i}">Ferry {i} late</a></h2><p>{PROSE}</p></article>' for i in range(12_000)
    ),
    "5,000 cards": lambda: "".join(
        f'<div><h2><a href="/s{i}">Ferry {i} late again</a></h2><p>{PROSE * 4}</p><p>{PROSE * 3}</p></div>'
        for i in range(5_000)
    ),
    "8,000 entries of a live blog": lambda: '<script type="application/ld+json">{"@type":"LiveBlogPosting"}</script>'
    + "".join(
        f"<article><time>10:{i % 60:02}</time><h2>Update {i}</h2><p>{PROSE * 2}</p></article>" for i in range(8_000)
    ),
    "an image's name of sizes": lambda: f'<meta property="og:image" content="https://n.example/x{"-111" * 18}!.jpg">'
    + f"<h1>Ferry late again</h1><p>{PROSE * 6}",
    "a byline of initials": lambda: f"<h1>Ferry late</h1><p class=byline>By Ann Lee, {'A. ' * 30}!</p><p>{PROSE * 6}",
    "an author parted by blanks": lambda: f'<meta name=author content="Ann{" " * 950}Lee"><p>{PROSE * 6}',
    "a width of 5,000 digits": lambda: f"<figure><img src=/a.jpg width={'1' * 5_000}></figure><p>{PROSE * 6}",
    "60,000 parts of no ruby": lambda: "<rt></x>" * 60_000 + PROSE,
    "30,000 options": lambda: "<select>" + "<option>Town</option>" * 30_000 + "</select>" + PROSE,
    "150 tags of 5,900 attributes": lambda: ("<p " + " ".join(f"a{i}=1" for i in range(5_900)) + ">x</p>") * 150,
    "attributes that hold tags' ends": lambda: "<p " + " ".join(f'a{i}="<>"' for i in range(200_000)) + ">text",
    "a figure of 10,000 captions": lambda: "<figure>"
    + "".join(f"<img src=/i{i}.jpg><figcaption><p>caption of {i} here</p></figcaption>" for i in range(10_000))
    + f"</figure><p>{PROSE * 20}",
    "50,000 references to one author": lambda: '<script type="application/ld+json">{"@graph":[{"@id":"p","name":"'
    + "A & b  " * 50_000 + '"},{"@type":"NewsArticle","headline":"Ferry","author":[' + '{"@id":"p"},' * 50_000
    + f'{{"@id":"p"}}]}}]}}</script><p>{PROSE * 6}',
    "1,900 nested authors": lambda: "<div itemprop=author>" * 1_900 + f"<p>{'word and word ' * 40_000}</p>",
    "900 named stories in a heading": lambda: '<script type="application/ld+json">['
    + ",".join(f'{{"@type":"NewsArticle","headline":"Ferry {i} late"}}' for i in range(900)) + "]</script><h2>"
    + "".join(f"<p>Ferry {i} late</p><p>{i} {PROSE * 40}</p>" for i in range(900)) + "</h2>",
    "900 stories of a long site name": lambda: f'<meta property="og:site_name" content="{"Gazette " * 10_000}">'
    + "".join(f"<article><h1>Ferry {i} late</h1>" + f"<p>{i} {PROSE * 8}</p>" * 3 + "</article>" for i in range(900)),
    "999 stories": lambda: "".join(
        f"<article><h1>Ferry {i} late again</h1><p>By Anna Berg</p>" + f"<p>{i} {PROSE * 8}</p>" * 11 + "</article>"
        for i in range(999)
    ),
}  # fmt: skip
"""Name to recipe; every page stays under the 10 MiB that the decoder lets through."""

DUMPS: dict[str, Callable[[], str]] = {
    "a line of 10,000,000 characters": lambda: "x" * 9_999_000,
    "a line of 1,700,000 words": lambda: PROSE * 95_000,
    "a line of 3,300,000 Chinese characters": lambda: "\u5e02\u8bae\u4f1a\u5468\u4e8c\u5f00\u4f1a\u3002" * 410_000,
    "a line of 3,300,000 Thai characters": lambda: "\u0e2a\u0e20\u0e32\u0e40" * 820_000,
    "a line of credits": lambda: "Photo: John Smith/Reuters " * 380_000,
    "a line of initials": lambda: "A. B. C. " * 1_100_000,
    "a line of bars": lambda: "a | b | " * 1_200_000,
    "marks on one letter": lambda: "a" + "\u0301\u0323\u0316" * 1_650_000,
    "entities escaped twice": lambda: ("&amp;amp;amp; " * 20 + "\n") * 24_000,
    "misread characters": lambda: "\u00c3\u00a9" * 2_400_000,
    "24,000 long lines": lambda: (PROSE * 3 + "\n") * 24_000,
    "4,800 doubled heads": lambda: "".join(
        f"Ferry {i} late again\n" * 2 + f"Photo: caption {i} stands here\n" * 2 + "word " * 70 + f"{i}.\n"
        for i in range(4_800)
    ),
    "front matter of 1,100,000 lines": lambda: "---\n" + "title: x\n" * 1_000_000 + "---\n\n" + PROSE * 3,
    "front matter that never ends": lambda: "---\ntags:\n" + "  - x\n" * 1_600_000,
    "2,400,000 rows of dashes": lambda: "---\n" * 2_400_000,
    "a Markdown table of 100,000 cells": lambda: "|" + "a|" * 1_000 + "\n|" + "-|" * 1_000 + "\n"
    + ("|" + "b|" * 1_000 + "\n") * 99,
    "1,200,000 Markdown links": lambda: "[a](/b) " * 1_200_000,
    "9,000,000 brackets": lambda: "[a](/b)\n[a](/b)\n" + "[" * 9_000_000,
    "3,000,000 stars": lambda: "# a\n\n" + "*a " * 3_000_000,
    "2,000,000 Markdown quotes in each other": lambda: "# a\n- b\n" + "> " * 2_000_000,
    "5,000 rows of dashes between stories": lambda: (PROSE * 2 + "\n\n" + "-" * 40 + "\n\n") * 5_000,
    "900 Markdown documents": lambda: ("---\ntitle: x\n---\n\n" + PROSE * 2 + "\n\n") * 900,
    "120,000 lines broken at a width": lambda: ("word " * 15 + "\n") * 120_000,
    "400 stories": lambda: "\n\n\n\n".join(map(_story_of_its_own_words, range(400))),
}  # fmt: skip
"""As `HOSTILE`, for the front end of text dumps."""
