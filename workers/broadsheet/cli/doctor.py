"""`broadsheet doctor`: looks at all that a worker needs, and says what to do about what is not there."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.text import Text

from broadsheet.cli import load_settings
from broadsheet.cli.reaching import no_kafka, nothing_listens
from broadsheet.cli.settings import settings_in_force
from broadsheet.cli.terminal import printable

EX_ILL = 1
_READ, _WRITE = {"READ", "DESCRIBE"}, {"WRITE", "DESCRIBE"}


class Finding(NamedTuple):
    """One thing looked at: well or not, and for what is not well what to do."""

    well: bool
    text: str
    remedy: str = ""


@click.command()
@click.pass_context
def command(ctx: click.Context) -> int:
    """Check settings, schemas, broker, topics and rights; a line for each, and what to do about what is wrong.

    \b
      broadsheet doctor
      broadsheet --bootstrap-servers kafka:9092 doctor && broadsheet worker

    Nothing is changed. Exit code: 0 when all is well, 1 when something is not.
    """
    settings = load_settings(ctx)
    console = Console(emoji=False, highlight=False, soft_wrap=True)
    ill = 0
    for finding in _findings(settings, ctx.obj["bootstrap_servers"] is not None):
        ill += not finding.well
        console.print(_line(finding))
    told = "all is well" if not ill else "one thing needs care" if ill == 1 else f"{ill} things need care"
    console.print(Text(f"\n{told}", "bold"))
    return EX_ILL if ill else 0


def _line(finding: Finding) -> Text:
    line = Text("✓ " if finding.well else "✗ ", "green" if finding.well else "red")
    line.append(printable(finding.text), "default")
    return line.append(f"\n  → {finding.remedy}", "cyan") if finding.remedy else line


def _findings(settings: Any, bootstrap_given: bool) -> Iterator[Finding]:
    """In the order in which one needs the other; what cannot be looked at for want of another is left out."""
    yield from _settings(settings, bootstrap_given)
    yield _schemas()
    servers = settings.kafka.bootstrap_servers
    if problem := nothing_listens(servers):
        yield Finding(False, problem, "start it (`broadsheet kafka` runs one here) or set kafka.bootstrap_servers")
        return
    if not settings.kafka.security_protocol.endswith("SSL") and (problem := no_kafka(servers)):
        yield Finding(False, problem, "set kafka.bootstrap_servers, or kafka.security_protocol where it wants TLS")
        return
    yield from _kafka(settings)


def _settings(settings: Any, bootstrap_given: bool) -> Iterator[Finding]:
    known = list(settings_in_force(settings, bootstrap_given))
    changed = [one for one in known if one.origin != "default"]
    yield Finding(True, f"settings: {len(known)}, of which {len(changed)} are not the default")


def _schemas() -> Finding:
    from broadsheet.runtime.contracts import NAMES, ContractsMissingError, schema

    try:
        found = [schema(name)["title"] for name in NAMES]
    except ContractsMissingError as error:
        return Finding(False, f"schemas: {error}", "install Broadsheet anew")
    return Finding(True, f"schemas: {len(found)}, readable")


def _kafka(settings: Any) -> Iterator[Finding]:
    from broadsheet.runtime.kafka import reach, topics

    try:
        if closed := reach.reach(settings.kafka):
            yield Finding(False, f"broker: {reach.gives(settings.kafka, closed)}", reach.REMEDY)
    except reach.UnreachableError as error:
        text, _, remedy = str(error).partition("; ")
        sign_in = "see the settings kafka.security_protocol, kafka.sasl_* and kafka.ssl_*"
        yield Finding(False, f"broker: {text}", remedy or sign_in)
        return
    try:
        with topics.admin(settings.kafka) as client:
            brokers = client.describe_cluster()["brokers"]
        yield Finding(True, f"broker: {settings.kafka.bootstrap_servers}, a cluster of {len(brokers)}")
        complaints = topics.check(settings)
    except topics.TopicError as error:
        yield Finding(
            False, f"broker: {error}", "see the settings kafka.security_protocol, kafka.sasl_* and kafka.ssl_*"
        )
        return
    for complaint in complaints:
        text, _, remedy = complaint.partition(": ")
        yield Finding(False, text, remedy)
    if not complaints:
        yield Finding(True, "topics: all there, in shape")
    yield from _rights(settings, topics)
    yield from _delivery(settings, topics)


def _delivery(settings: Any, topics: Any) -> Iterator[Finding]:
    """What the chosen delivery asks of the cluster."""
    from broadsheet.runtime.watch import checks

    try:
        found = checks.delivery(settings)
    except topics.TopicError as error:
        yield Finding(False, f"delivery: {error}", "")
        return
    for check in found:
        yield Finding(*check)


def _rights(settings: Any, topics: Any) -> Iterator[Finding]:
    """What the broker says that this user may do with each topic that is there."""
    names = settings.topics
    wanted = dict.fromkeys((names.pages, *names.more_pages), _READ)
    wanted |= dict.fromkeys((names.articles, names.outcomes, names.dead), _WRITE)
    try:
        with topics.admin(settings.kafka) as client:
            described = client.describe_topics(list(wanted))
    except topics.TopicError as error:
        yield Finding(False, f"rights: {error}", "")
        return
    there = [topic for topic in described if not topic["error_code"]]
    lacking = {topic["name"]: wanted[topic["name"]] - set(topic["authorized_operations"] or ()) for topic in there}
    for name, operations in lacking.items():
        if operations:
            asked = " and ".join(sorted(operations))
            yield Finding(False, f"rights: no {asked} on topic {name}", "ask the cluster's keeper for these ACLs")
    if there and not any(lacking.values()):
        yield Finding(True, "rights: pages can be read, results can be written")
