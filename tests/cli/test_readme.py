"""What the README shows is there: commands, options, settings with their defaults, topics, targets, links, code."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pytest
from kafka import KafkaConsumer
from training.cards import MODELS, read_card

from broadsheet.cli import COMMANDS, group
from broadsheet.cli.settings import settings_in_force
from broadsheet.decode import decode
from broadsheet.errors import Reason
from broadsheet.options import Limits, Options
from broadsheet.pipeline import read_page
from broadsheet.records import article_record, read_article
from broadsheet.runtime.settings import Settings, TopicSettings
from broadsheet.samples import samples
from broadsheet.values import RawPage

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
SETTINGS = {setting.variable: setting.value for setting in settings_in_force(Settings())}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def shown_commands() -> list[list[str]]:
    """Words of each `broadsheet …` line, up to a pipe, a redirection or a comment."""
    lines = re.findall(r"(?:^|`|\| )broadsheet ([a-z][^`\n]*)", "\n".join(blocks("sh")) + README, re.MULTILINE)
    return [re.split(r"\s[|>#]|\s>", line)[0].split() for line in lines]


def option_names(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}


@pytest.mark.parametrize("words", shown_commands(), ids=" ".join)
def test_command_is_there_with_its_options(words: list[str]) -> None:
    name, *rest = words
    assert name in COMMANDS
    command = group.get_command(click.Context(group), name)
    assert command is not None
    if isinstance(command, click.Group) and rest:
        command = command.commands[rest[0].rstrip(";.")]
    assert {word for word in rest if word.startswith("--")} <= option_names(command) | {"--help"}


def test_every_setting_shown_is_there_with_its_default() -> None:
    named = set(re.findall(r"BROADSHEET_(?:[A-Z]+(?:__[A-Z_]+|_BLOG)|REFUSE)", README))
    assert named <= SETTINGS.keys()
    rows = re.findall(r"^\| `(BROADSHEET_\w+)` \| `([^`]*)` \|", README, re.MULTILINE)
    assert len(rows) > 10
    assert {name: str(SETTINGS[name]) for name, _ in rows} == dict(rows)


def test_topics_are_those_of_the_settings() -> None:
    table = re.findall(r"^\| `([a-z.]+)` \| ", README, re.MULTILINE)
    names = TopicSettings()
    assert table == [names.pages, names.articles, names.outcomes, names.dead]


def test_every_dead_reason_is_named() -> None:
    said = re.search(r"closed list of reasons: ([^.]+)\.", README)
    assert said is not None
    assert said[1].replace("\n", " ").split(", ") == [reason.value for reason in Reason]


def test_targets_and_files_are_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", README)) <= targets
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert len(links) >= 3
    assert all((ROOT / link).exists() for link in links)


def test_record_is_what_the_sample_gives() -> None:
    [shown] = blocks("json")
    record = read_article(shown.encode())
    [sample] = [sample for sample in samples() if sample.name == "one-story"]
    headers = (("url", record["page"]["url"].encode()), ("content-type", b"text/html"))
    result = read_page(RawPage(sample.raw.value, headers=headers), Options())
    [article] = result.articles
    moment = datetime.fromisoformat(record["pipeline"]["extracted_at"])
    written = article_record(article, extracted_at=moment, cpu_ms=record["pipeline"]["cpu_ms"])
    assert record["minhash"].endswith("…")
    given = read_article(written)
    assert given["minhash"].startswith(record["minhash"][:-1])
    assert {**record, "minhash": None} == {**given, "minhash": None}


def test_quality_is_what_the_models_cards_say() -> None:
    rows = re.findall(r"^\| `(\w+)`: [^|]+ \| ([\d.]+) \| ([\d.]+) \|$", README, re.MULTILINE)
    assert [name for name, _, _ in rows] == ["body", "title", "authors"]
    for name, *shown in rows:
        figures = read_card(MODELS / f"{name}.card.json").figures
        assert figures is not None
        found = [
            figures.sets[f"dev-{page_set}"]["f1" if name == "body" else "right"]
            for page_set in ("wcxb-article", "fundus")
        ]
        # rounded, and a retrained model differs a little: a claim that is more than 0.01 too good is a wrong one
        assert all(float(one) <= figure + 0.01 for one, figure in zip(shown, found, strict=True)), (name, found)


def test_library_s_lines_do_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [code] = [block for block in blocks("python") if "import broadsheet" in block]
    pages = {sample.name: sample.raw.value for sample in samples()}
    monkeypatch.chdir(tmp_path)
    Path("page.html").write_bytes(pages["one-story"])
    given: dict[str, Any] = {}
    exec(code, given)
    assert capsys.readouterr().out.startswith("Valley railway to run again after 38 years 2026-03-05")
    assert given["record"]["schema"] == "article/1"
    Path("page.html").write_bytes(pages["listing"])
    exec(code, {})
    assert capsys.readouterr().out == "no article: listing\n"


@pytest.mark.kafka
def test_scraper_in_ten_lines_works(kafka: str, fresh_topics: TopicSettings) -> None:
    [code] = [block for block in blocks("python") if "KafkaProducer" in block]
    assert len([line for line in code.splitlines() if line]) <= 10
    exec(code.replace("localhost:9092", kafka).replace("pages.raw", fresh_topics.pages), {})
    consumer: Any = KafkaConsumer(fresh_topics.pages, bootstrap_servers=kafka, auto_offset_reset="earliest")
    try:
        message = next(consumer)
    finally:
        consumer.close()
    assert json.loads(message.value)["source"] == "my-scraper"
    page = decode(RawPage(message.value, message.key, tuple(message.headers)), Limits())
    assert page.url == "https://news.example/tides"


def test_scrapy_settings_name_what_is_there() -> None:
    scrapy = pytest.importorskip("broadsheet.scrapy")
    for name in re.findall(r"broadsheet\.scrapy\.(\w+)", README):
        assert hasattr(scrapy, name)
