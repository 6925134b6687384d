"""What a server answered that is no page for readers: one outcome, whatever way it came in."""

import orjson
import pytest

from broadsheet.decode.answer import for_machines
from broadsheet.errors import NoneReason
from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.values import RawPage

URL = "https://harbourpost.example/ferry-back"
PROSE = " ".join(
    f"The harbour office said on day {day} that the ferry would run again before the winter, and that it was paid for."
    for day in range(12)
)
HTML = f"<html><head><title>Ferry back</title></head><body><article><h1>Ferry back in service</h1><p>{PROSE}</p></article></body></html>"  # noqa: E501

ROBOTS = "# Please be kind\n" + "\n".join(
    f"User-agent: Crawler {number}\nDisallow: /folder-{number}/print\nCrawl-delay: 10\n" for number in range(40)
)
ADS = "# sellers\n" + "\n".join(
    f"seller{number}.example, pub-{number}, DIRECT, f08c47fec0942fa0" for number in range(40)
)
PLAYLIST = "#EXTM3U\n#EXT-X-VERSION:3\n" + "\n".join(f"#EXTINF:6.0,\nsegment-{number}.ts" for number in range(40))
STYLES = "\n".join(f".harbour-{number} p {{\n  color: #00{number};\n  margin: 0;\n}}" for number in range(40))
SECURITY = (
    "Contact: mailto:harbour@post.example\nExpires: 2027-01-01T00:00:00Z\nPolicy: https://harbourpost.example/policy\n"
)
CALENDAR = "BEGIN:VCALENDAR\nVERSION:2.0\n" + "SUMMARY:The harbour office opens its doors to all of us\n" * 40


def ways(body: str, content_type: str, status: int | None) -> list[RawPage]:
    """The same page as an envelope and as bytes with headers."""
    envelope = {"url": URL, "body": body, "content_type": content_type, "status": status}
    headers = {"url": URL, "content-type": content_type, **({"status": str(status)} if status else {})}
    return [
        RawPage(orjson.dumps(envelope)),
        RawPage(body.encode(), headers=tuple((name, value.encode()) for name, value in headers.items())),
    ]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "reason"),
    [
        ("", "text/html", 204, NoneReason.EMPTY),
        ("", "text/html", 301, NoneReason.EMPTY),
        ("", "text/html", 404, NoneReason.EMPTY),
        ("", "text/html", None, NoneReason.EMPTY),
        (" \n ", "text/plain", 200, NoneReason.EMPTY),
        (HTML, "text/html", 404, NoneReason.ERROR_PAGE),
        (HTML, "text/html", 403, NoneReason.ERROR_PAGE),
        (HTML, "text/html", 500, NoneReason.ERROR_PAGE),
        (HTML, "text/html", 302, NoneReason.ERROR_PAGE),
        (PROSE, "text/plain", 503, NoneReason.ERROR_PAGE),
        (HTML, "text/html", 200, None),
        (HTML, "text/html", 304, None),
        (HTML, "text/html", None, None),
    ],
)
def test_the_status_counts(body: str, content_type: str, status: int | None, reason: NoneReason | None) -> None:
    for raw in ways(body, content_type, status):
        result = read_page(raw, Options())
        assert result.reason is reason
        assert bool(result.articles) is (reason is None)


@pytest.mark.parametrize("content_type", ["text/plain", "text/html"])
@pytest.mark.parametrize("text", [ROBOTS, ADS, PLAYLIST, STYLES, SECURITY, CALENDAR, "# only a comment\n"])
def test_files_for_machines_hold_no_article(text: str, content_type: str) -> None:
    assert for_machines(text)
    for raw in ways(text, content_type, 200):
        result = read_page(raw, Options())
        assert not result.articles
        assert result.reason is not None


@pytest.mark.parametrize(
    "text",
    [
        f"Ferry back in service\n\nBy Agnes Tull\n\n{PROSE}",
        f"{PROSE} (Harbour Press)",
        "(Harbour Press)",
        "The ferry (built in 1931\nand mended twice)",
        "Title: Ferry back in service\nDate: 2 March 2026\nSource: Harbour Post\nContact: Agnes Tull\n\n"
        + f"{PROSE}\n\n" * 5,
        f"# Ferry back in service\n\n{PROSE}\n\n## Repairs\n\n{PROSE}",
        "\n".join(f"Tull: Is it true, in your {number}th year?\nMarle: It is; I have said so." for number in range(9)),
    ],
)
def test_prose_is_for_people(text: str) -> None:
    assert not for_machines(text)


def test_markdown_of_menus_and_links_is_no_file_for_machines() -> None:
    menu = "".join(f'* [Section {n}](/section/{n} "to section {n}")\n\n[Logo {n}](/start?x={n})\n\n' for n in range(40))
    assert not for_machines(f"{menu}# The ferry is mended\n\nIt sails again from Monday, the harbour office said.\n")


def test_calls_are_for_machines() -> None:
    assert for_machines("start(ferry)\nferry.sail(north, fast)\nload(\nferry\n)\n")
