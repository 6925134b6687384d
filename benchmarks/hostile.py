"""Pages made to hurt: each a small recipe, built when asked for."""

from collections.abc import Callable

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
}  # fmt: skip
"""Name to recipe; every page stays under the 10 MiB that the decoder lets through."""
