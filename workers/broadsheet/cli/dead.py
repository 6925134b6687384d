"""`broadsheet dead`: list, show and redrive pages that could not be read."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from broadsheet.cli import load_settings
from broadsheet.cli.reaching import reached
from broadsheet.cli.terminal import printable, write_bytes
from broadsheet.errors import Reason


def _place(_: click.Context, __: click.Parameter, values: Any) -> Any:
    many = values if isinstance(values, tuple) else (values,)
    places = []
    for value in many:
        partition, _, offset = value.partition("/")
        if not (partition.isdigit() and offset.isdigit()):
            raise click.BadParameter(f"{value!r} is not PARTITION/OFFSET")
        places.append((int(partition), int(offset)))
    return places


def _filters(function: Callable[..., None]) -> Callable[..., None]:
    """The options that choose letters, the same for list and redrive."""
    times = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])
    for option in (
        click.option("--at", "places", multiple=True, callback=_place, metavar="PARTITION/OFFSET", help="One letter."),
        click.option("--until", type=times, help="Dead before this time (UTC unless it has an offset)."),
        click.option("--since", type=times, help="Dead at this time or later (UTC unless it has an offset)."),
        click.option("--site", "sites", multiple=True, help="Pages of this domain, e.g. harbour.example."),
        click.option(
            "--reason",
            "reasons",
            multiple=True,
            type=click.Choice([reason.value for reason in Reason]),
            help="Only this reason; may be given again.",
        ),
    ):
        function = option(function)
    return function


@click.group()
def command() -> None:
    """Look at pages that could not be read, and send them back once the cause is mended.

    \b
      broadsheet dead list --reason timeout --since 2026-01-31
      broadsheet dead show 3/1207
      broadsheet dead redrive --site harbour.example --dry-run
    """


@command.command("list")
@_filters
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
@click.pass_context
def list_letters(ctx: click.Context, /, as_json: bool, **filters: Any) -> None:
    """A line for each letter: where it stands, when, why, how often it was tried, whether it was redriven, the page's
    address."""
    settings = reached(load_settings(ctx))
    asyncio.run(_plainly(_list(settings, _choice(**filters), as_json)))


@command.command()
@click.argument("place", callback=_place, metavar="PARTITION/OFFSET")
@click.option("--value", is_flag=True, help="Only the page's bytes, as they came.")
@click.pass_context
def show(ctx: click.Context, place: Any, value: bool) -> None:
    """All that is known of one letter: its headers, and the page itself."""
    settings = reached(load_settings(ctx))
    asyncio.run(_plainly(_show(settings, place[0], value)))


@command.command()
@_filters
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), metavar="N", help="At most N pages a second.")
@click.option("--again", is_flag=True, help="Also letters that were redriven before.")
@click.option("--all", "everything", is_flag=True, help="All letters: needed where no filter is given.")
@click.pass_context
def redrive(
    ctx: click.Context, /, dry_run: bool, rate: float | None, again: bool, everything: bool, **filters: Any
) -> None:
    """Send letters back to the raw topic, each once.

    A page keeps its bytes, where it first stood and how often it was tried. Letters that were redriven before are
    passed over. Pages and the note that they were sent go together: a redrive that is cut off can simply be run again.
    """
    if not (everything or any(filters.values())):
        raise click.UsageError("choose letters (--reason, --site, --since, --until, --at), or --all")
    settings = reached(load_settings(ctx))
    asyncio.run(_plainly(_redrive(settings, _choice(**filters), dry_run=dry_run, rate=rate, again=again)))


def _choice(reasons: Any, sites: Any, since: Any, until: Any, places: Any) -> Any:
    from broadsheet.runtime.dead.letters import Choice, Place

    return Choice(
        frozenset(Reason(reason) for reason in reasons),
        frozenset(site.lower() for site in sites),
        _moment(since),
        _moment(until),
        frozenset(Place(*place) for place in places),
    )


def _moment(given: datetime | None) -> datetime | None:
    return given.replace(tzinfo=UTC) if given is not None and given.tzinfo is None else given


async def _plainly(doing: Any) -> None:
    from broadsheet.runtime.dead.letters import DeadError
    from broadsheet.runtime.kafka.topics import TopicError

    try:
        await doing
    except (DeadError, TopicError) as error:
        raise click.ClickException(str(error)) from None


async def _list(settings: Any, choice: Any, as_json: bool) -> None:
    from broadsheet.runtime.dead.letters import letters
    from broadsheet.runtime.dead.redrive import is_redriven, redriven
    from broadsheet.runtime.kafka.topics import TopicError

    counts: Counter[str] = Counter()
    try:
        done = redriven(settings)
    except TopicError as error:
        done = {}
        click.echo(f"what was redriven cannot be told: {printable(str(error))}", err=True)
    async for letter in letters(settings, choice):
        counts[letter.said.reason.value if letter.said else "not a dead letter of ours"] += 1
        fields = {**_fields(letter), "redriven": is_redriven(letter, done)}
        click.echo(json.dumps(fields) if as_json else _line(fields))
    if not as_json:
        summary = ", ".join(f"{count} {reason}" for reason, count in counts.most_common())
        click.echo(f"{counts.total()} dead letters{': ' + summary if counts else ''}", err=True)


async def _show(settings: Any, place: Any, value: bool) -> None:
    from broadsheet.runtime.dead.letters import Choice, Place, letters

    async for letter in letters(settings, Choice(places=frozenset({Place(*place)}))):
        if not value:
            for name, said in _fields(letter).items():
                click.echo(printable(f"{name}: {said}"), err=True)
            for name, said in letter.headers:
                click.echo(printable(f"header {name}: {said.decode(errors='backslashreplace')}"), err=True)
        write_bytes(letter.value)
        return
    raise click.ClickException(f"no dead letter at {place[0]}/{place[1]}")


async def _redrive(settings: Any, choice: Any, **options: Any) -> None:
    from broadsheet.runtime.dead.redrive import Passed, redrive

    count, passed = 0, Counter[Passed]()

    def on_passed(letter: Any, why: Passed) -> None:
        passed[why] += 1
        if why in {Passed.INCOMPLETE, Passed.TOO_LARGE}:
            click.echo(printable(_cannot(letter, why)), err=True)

    async for letter in redrive(settings, choice, on_passed=on_passed, **options):
        count += 1
        click.echo(_line(_fields(letter)))
    verb = "would be redriven" if options["dry_run"] else "redriven"
    others = f"; passed over: {', '.join(f'{n} {why}' for why, n in passed.items())}" if passed else ""
    click.echo(f"{count} pages {verb} to {settings.topics.pages}{others}", err=True)
    if not count and passed[Passed.INCOMPLETE] + passed[Passed.TOO_LARGE]:
        raise click.ClickException("no page could be redriven")


def _cannot(letter: Any, why: str) -> str:
    parts = " and ".join(letter.said.left_out)
    told = f"it goes without the page's {parts}" if parts else f"it is {why}"
    place = f"{letter.place.partition}/{letter.place.offset}"
    return f"{place} cannot be redriven: {told}; the page stands at {letter.stands_at}, or scrape it again"


def _fields(letter: Any) -> dict[str, Any]:
    said = letter.said
    return {
        "place": f"{letter.place.partition}/{letter.place.offset}",
        "at": said.at.isoformat() if said else None,
        "reason": said.reason.value if said else None,
        "detail": said.detail if said else None,
        "attempts": said.attempts if said else None,
        "origin": "/".join(map(str, said.origin)) if said and said.origin else None,
        "last_origin": letter.stands_at if said else None,
        "url": letter.url,
        "bytes": len(letter.value),
        "left_out": list(said.left_out) if said else [],
    }


def _line(fields: dict[str, Any]) -> str:
    tried = f"tried {fields['attempts']}x" + (", redriven" if fields.get("redriven") else "")
    parts = (fields["place"], fields["at"], fields["reason"], tried, fields["url"], fields["detail"])
    return "  ".join(printable(str(part)) for part in parts)
