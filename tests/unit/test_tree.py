"""The scan: what becomes a block, what the head tells, where elements begin and end."""

import pytest

from broadsheet.errors import PageError, Reason
from broadsheet.html.scan.hints import BITS, name_words, words_of_names
from broadsheet.html.scan.tree import MAX_BLOCKS, scan


def texts(html: str) -> list[str]:
    return [block.text for block in scan(html).blocks]


def test_a_block_is_cut_at_every_block_level_start() -> None:
    assert texts("<div>before<p>first</p>between<p>second</p>after</div>") == [
        "before",
        "first",
        "between",
        "second",
        "after",
    ]


def test_inline_elements_do_not_cut_and_blanks_between_them_stay() -> None:
    assert texts("<p>The <b>late</b> <i>ferry</i>\n  came <a href='/x'>in</a>.</p>") == ["The late ferry came in."]


def test_one_break_is_a_line_and_two_are_a_new_block() -> None:
    assert texts("<p>one<br>two<br> <br>three</p>") == ["one\ntwo", "three"]


def test_preformatted_text_keeps_its_lines() -> None:
    assert texts("<pre>if x:\n    y()\n</pre>") == ["if x:\n    y()"]


def test_scripts_styles_and_templates_are_no_text() -> None:
    page = "<p>seen</p><script>var a</script><style>p{}</style><template><p>no</p></template><svg><text>no</text></svg>"
    assert texts(page) == ["seen"]


def test_an_unknown_element_in_running_text_does_not_cut_it() -> None:
    assert texts("<p>The <x-link>council</x-link> met.</p><x-box>alone</x-box>") == ["The council met.", "alone"]


def test_blocks_of_an_element_are_one_range() -> None:
    tree = scan("<nav>menu</nav><article><h1>Head</h1><div><p>one</p><p>two</p></div></article><p>after</p>")
    article = next(i for i, element in enumerate(tree.elements) if element.tag == "article")
    first, end = tree.elements[article].first, tree.ends[article]
    assert [block.text for block in tree.blocks[first:end]] == ["Head", "one", "two"]


def test_links_are_counted_and_lead_somewhere() -> None:
    (block,) = scan('<p>See <a href="/a">the list</a> and <a href="/b">more</a></p>').blocks
    assert block.linked == len("the list") + len("more")
    tree = scan('<p>See <a href="/a">the list</a></p>')
    ((anchor, text),) = tree.blocks[0].links
    assert (tree.href(anchor), text) == ("/a", "the list")


def test_level_of_headings_reaches_through_what_they_hold() -> None:
    tree = scan("<h2><div>Sub</div></h2><p>text</p>")
    assert [tree.level(i) for i in range(2)] == [2, None]


def test_the_head_survives_a_noscript_with_an_image() -> None:
    head = scan(
        '<html lang="de"><head><noscript><img src="p.gif"></noscript><title>A &amp; B</title>'
        '<link rel="canonical" href="/c"><meta property="og:title" content="T">'
        '<script type="application/ld+json">{"@type":"NewsArticle"}</script></head><p>x'
    ).head
    assert (head.lang, head.title, head.canonical, head.meta("og:title")) == ("de", "A & B", "/c", "T")
    assert head.json_ld == ('{"@type":"NewsArticle"}',)


def test_times_and_properties_name_their_block() -> None:
    tree = scan('<p>x</p><p itemprop="name">n <time datetime="2026-01-02">2 Jan</time></p>')
    assert tree.head.times[0].datetime == "2026-01-02"
    assert [(prop.name, prop.block) for prop in tree.head.props] == [("name", 1)]


def test_pictures_stand_before_the_block_that_follows() -> None:
    tree = scan('<p>one</p><figure><img src="/i.jpg" alt="A"><figcaption>cap</figcaption></figure>')
    (picture,) = tree.pictures
    assert picture.element.attributes["src"] == "/i.jpg"
    assert tree.blocks[picture.block].text == "cap"


@pytest.mark.parametrize(
    "page",
    [
        "<p " + " ".join(f"a{i}=1" for i in range(50_000)) + ">text",
        "".join(f"<body a{i}=1>" for i in range(20_000)),
        "<div>" * 50_000 + "text",
        "<span>" * 50_000 + "<hr>" * 50_000,
        "<ul><li>" * 30_000 + "text",
        "<div></x>" * 50_000,
        "<svg></svg>" + "<path/>" * 20_000 + "<div></div>" * 20_000,
        "<!--<svg>-->" + "<path/>" * 20_000 + "<div></div>" * 20_000,
        "<textarea><svg></textarea>" + "<path/>" * 20_000 + "<div></div>" * 20_000,
        "<svg><foreignObject>" + "<path/>" * 20_000 + "<div></div>" * 20_000,
        "<svg>" + "<tr>" * 20_000 + "</x>" * 20_000,
        "".join(f"<a{i}>" * 300 for i in range(300)),
        "<p>" * 1_000_000,
        "<p>x</p>" * (MAX_BLOCKS + 1),
    ],
    ids=[
        "attributes",
        "body tags",
        "divs",
        "spans",
        "lists",
        "strange closes",
        "shapes",
        "shapes after a comment",
        "shapes after a text",
        "shapes in HTML in a drawing",
        "rows in a drawing",
        "many names",
        "open p",
        "blocks",
    ],
)
def test_a_page_that_would_cost_too_much_is_refused_by_name(page: str) -> None:
    with pytest.raises(PageError) as caught:
        scan(page)
    assert caught.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    "page",
    [
        '<p title="' + "a b " * 100_000 + '">text',
        "<div><p>text</p></div>" * 8_000,
        "<svg>" + '<path d="M0 0"/>' * 20_000 + "</svg><p>text",
        "<svg><title>map</title><g a='>'>" + '<path d="M0 0"/>' * 20_000 + "</g></svg>" + "<p>x</p>" * 9_000,
        "<p>" + "x" * 1_000_000,
        "<p>" + "&amp;" * 300_000,
        "<!--" * 100_000,
        "\0" * 500_000,
        "",
    ],
    ids=[
        "long value",
        "many closed",
        "drawing",
        "drawing among others",
        "long line",
        "entities",
        "comments",
        "nulls",
        "nothing",
    ],
)
def test_a_strange_page_of_bounded_cost_is_read(page: str) -> None:
    assert len(scan(page).blocks) <= MAX_BLOCKS


def test_names_hint_by_their_words_however_they_are_joined() -> None:
    page = (
        '<div class="article-body">a</div><div class="articleBody">b</div><div id="ARTICLE_2body">c</div><div>d</div>'
    )
    assert [e.hints for e in scan(page).elements if e.tag == "div"] == [BITS["article"] | BITS["content"]] * 3 + [0]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("storyBody story", ("story", "body")),
        ("HTMLParser2", ("html", "parser")),
        ("a\0b É-x İ", ("a", "b", "x")),
        ("aBC cssAb", ("a", "bc", "css", "ab")),
        ("", ()),
        ("x" * 10**6, ("x" * 300,)),
    ],
)
def test_words_of_a_name(names: str, words: tuple[str, ...]) -> None:
    assert name_words(names) == words
    assert [tuple(dict.fromkeys(found)) for found in words_of_names([names, "ad", names])] == [words, ("ad",), words]
