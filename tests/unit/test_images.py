"""Which images of a page are a story's."""

from broadsheet.html.body.images import ABOVE, BELOW, MOST, MOST_LOOKS, read_images
from broadsheet.html.body.scores import body_blocks
from broadsheet.html.head.told import Metadata
from broadsheet.html.scan.tree import scan

URL = "https://www.gazette.example/news/ferry"


def figure(name: str) -> str:
    return f"<figure><img src='/i/{name}.jpg'></figure>"


def urls(html: str, first: int, last: int, told: Metadata = Metadata()) -> list[str]:  # noqa: B008
    tree = scan(f"<main>{html}</main>")
    body = body_blocks(tree, [1.0] * len(tree.blocks), URL)[0][first : last + 1]
    return [
        (image.url or "").removeprefix("https://www.gazette.example/i/") for image in read_images(tree, told, URL, body)
    ]


def test_images_of_other_stories_are_not_the_story_s() -> None:
    menu = figure("menu") + "<p>Section</p>" * (ABOVE + 1)
    story = (
        figure("lead") + "<p>The ferry runs.</p>" + figure("inside") + "<p>It runs on Monday.</p>" + figure("behind")
    )
    teasers = "".join(f"<h3>Story {n}</h3>{figure(f'teaser-{n}')}" for n in range(BELOW + 1, BELOW + 4))
    html = menu + story + "<p>A line</p>" * BELOW + teasers
    first = ABOVE + 1
    assert urls(html, first, first + 1) == ["lead.jpg", "inside.jpg", "behind.jpg"]


def test_an_image_between_the_headline_and_the_body_is_the_story_s() -> None:
    html = (
        figure("menu")
        + "<p>x</p>" * 9
        + "<h1>Ferry</h1>"
        + figure("lead")
        + "<p>By line</p>" * 9
        + "<p>The ferry runs.</p>"
    )
    assert urls(html, 19, 19) == []
    assert urls(html, 19, 19, Metadata(heading=9)) == ["lead.jpg"]


def test_a_caption_is_read_whatever_else_the_figure_holds() -> None:
    many = "".join(f"<img src='/i/{n}.jpg'><figcaption>Caption {n}.</figcaption>" for n in range(3))
    tree = scan(f"<figure>{many}</figure><p>The ferry runs.</p>")
    found = read_images(tree, Metadata(), URL, ())
    assert [image.caption for image in found] == ["Caption 0. Caption 1. Caption 2."] * 3


def test_so_many_images_of_a_part_are_looked_at() -> None:
    doubled = "<figure>" + "<img src='/i/one.jpg'>" * MOST_LOOKS + "<img src='/i/two.jpg'></figure><p>The ferry.</p>"
    assert [image.url for image in read_images(scan(doubled), Metadata(), URL, ())] == [
        "https://www.gazette.example/i/one.jpg"
    ]
    many = "".join(f"<img src='/i/{n}.jpg'>" for n in range(MOST + 5))
    assert len(read_images(scan(f"<figure>{many}</figure><p>The ferry.</p>"), Metadata(), URL, ())) == MOST
