"""The demo's story: Kafka, topics, parts, pages in, articles out, an account, and nothing left behind."""

import asyncio
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from broadsheet.cli.demo.folder import run_folder
from broadsheet.cli.demo.parts import Part, PartError, free_port
from broadsheet.cli.demo.show import demo_console
from broadsheet.cli.demo.tally import Tally
from broadsheet.cli.demo.watch import Watch
from broadsheet.cli.reaching import nothing_listens
from broadsheet.cli.sending import PageSender, SendError
from broadsheet.inputs import Input
from broadsheet.runtime.kafka import topics
from broadsheet.runtime.local_kafka import LocalKafka, LocalKafkaError
from broadsheet.runtime.settings import KafkaSettings, Settings
from broadsheet.samples import samples

EX_FAILED = 1
EX_INTERRUPTED = 130
WORKERS = 2
_READY_SECONDS = 120.0
"""Two workers and a feed that start at once need about 8 s on two idle cores; a loaded machine needs longer."""


def run(settings: Settings, own_kafka: bool, stay: bool, keep: bool) -> int:
    """Run the demo; its exit code. `own_kafka` starts one on a free port, else the settings' one is used.

    `stay` keeps it up after the sample pages until Ctrl-C; `keep` leaves its topics and their data. Raises
    ClickException for whatever hinders it.
    """
    console = demo_console()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))  # ends it in order, as Ctrl-C does
    try:
        with run_folder(settings.home) as folder, ExitStack() as stack:
            demo = _Demo(settings, folder, console, stay)
            demo.settings = stack.enter_context(_kafka(settings, folder, own_kafka, keep, console))
            stack.enter_context(_started_parts(demo))
            return asyncio.run(demo.live())
    except (LocalKafkaError, topics.TopicError, SendError) as error:
        raise click.ClickException(str(error)) from None
    except PartError as error:
        console.print(Text(f"The end of {error.part.log}:\n{error.part.last_words()}", "dim"))
        raise click.ClickException(f"{error} (log: {error.part.log})") from None


@contextmanager
def _kafka(settings: Settings, folder: Path, own: bool, keep: bool, console: Console) -> Iterator[Settings]:
    """Settings of a Kafka that is there, with fresh topics."""
    with ExitStack() as stack:
        if own:
            with console.status("Starting Apache Kafka (the first time it is fetched: 41 MB) …"):
                kafka = stack.enter_context(LocalKafka(folder / "kafka", cache=settings.cache))
            if not keep:
                stack.callback(shutil.rmtree, folder / "kafka", ignore_errors=True)
                stack.push(kafka)  # stopped before its data goes
            chosen = _on_own_kafka(settings, kafka.bootstrap_servers)
        else:
            if problem := nothing_listens(settings.kafka.bootstrap_servers):
                raise click.ClickException(problem)
            chosen = _with_own_topics(settings, folder.name)
            if not keep:
                stack.callback(_delete_topics, chosen)
        topics.create(chosen)
        console.print(f"Kafka    {chosen.kafka.bootstrap_servers}{' (its own)' if own else ''}")
        console.print(f"topics   {', '.join(shape.name for shape in topics.shapes(chosen))}")
        yield chosen


def _on_own_kafka(settings: Settings, servers: str) -> Settings:
    kafka = KafkaSettings(bootstrap_servers=servers, max_message_bytes=settings.kafka.max_message_bytes)
    single = settings.topics.model_copy(update={"replication_factor": 1, "more_pages": ()})
    return settings.model_copy(update={"kafka": kafka, "topics": single})


def _with_own_topics(settings: Settings, run: str) -> Settings:
    names = {name: f"demo-{run}.{getattr(settings.topics, name)}" for name in ("pages", "articles", "outcomes", "dead")}
    group = settings.kafka.model_copy(update={"group": f"demo-{run}"})
    # Further topics of pages are the user's own: the demo must neither read nor, at its end, delete them.
    own = settings.topics.model_copy(update={**names, "more_pages": ()})
    return settings.model_copy(update={"kafka": group, "topics": own})


def _delete_topics(settings: Settings) -> None:
    with topics.admin(settings.kafka) as client:
        client.delete_topics([shape.name for shape in topics.shapes(settings)])


@contextmanager
def _started_parts(demo: "_Demo") -> Iterator[None]:
    """Workers and feed, started and at the end stopped, all at once."""
    try:
        demo.start_parts()
        yield
    finally:
        for part in demo.parts:
            part.ask_to_stop()
        for part in demo.parts:
            part.stop()


class _Demo:
    """One run of the demo, from started parts to the account."""

    def __init__(self, settings: Settings, folder: Path, console: Console, stay: bool) -> None:
        self.settings, self.folder, self.console, self.stay = settings, folder, console, stay
        self.parts: list[Part] = []
        self.feed_address = ""

    def start_parts(self) -> None:
        """Start two workers and the feed; they become ready later."""
        for number in range(1, WORKERS + 1):
            port = free_port()
            environment = self._environment() | {"BROADSHEET_WEB__PORT": str(port)}
            self._start(f"worker-{number}", "worker", environment, f"http://127.0.0.1:{port}/ready")
        port = free_port(self.settings.feed.port)
        self.feed_address = f"http://127.0.0.1:{port}/"
        environment = self._environment() | {"BROADSHEET_FEED__HOST": "127.0.0.1", "BROADSHEET_FEED__PORT": str(port)}
        self._start("feed", "feed", environment, f"{self.feed_address}ready")

    def _start(self, name: str, command: str, environment: dict[str, str], ready_url: str) -> None:
        self.parts.append(Part(name, command, environment, self.folder / f"{name}.log", ready_url))

    def _environment(self) -> dict[str, str]:
        """Where the parts' settings differ from ours, as variables."""
        kafka, names = self.settings.kafka, self.settings.topics
        return {
            "BROADSHEET_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
            "BROADSHEET_KAFKA__SECURITY_PROTOCOL": kafka.security_protocol,
            "BROADSHEET_KAFKA__GROUP": kafka.group,
            "BROADSHEET_WEB__HOST": "127.0.0.1",
            **{f"BROADSHEET_TOPICS__{name.upper()}": _said(value) for name, value in names.model_dump().items()},
        }

    async def live(self) -> int:
        """Publish the sample pages, show what comes of them, give an account; then stay, if that is wanted."""
        done = False
        try:
            with self.console.status("Starting two workers and the feed …"):
                await asyncio.gather(*(part.wait_ready(_READY_SECONDS) for part in self.parts))
            self.console.print(f"workers  {WORKERS}, in group {self.settings.kafka.group}")
            self.console.print(f"feed     {self.feed_address}")
            self.console.print(f"logs     {self.folder}\n")
            tally = Tally()
            async with Watch(self.settings, self.console, tally) as watch:
                started = time.monotonic()
                await self._publish(tally)
                await watch.until_complete(self._check)
                code = self._account(tally, time.monotonic() - started)
                done = code == 0
                if self.stay:
                    self._say_how_to_go_on()
                    await watch.for_ever(self._check)
            return code
        except asyncio.CancelledError:
            self.console.print("\nStopping …")
            return 0 if done else EX_INTERRUPTED

    async def _publish(self, tally: Tally) -> None:
        by_name = {sample.name: sample for sample in samples()}
        refused: list[str] = []
        sender = PageSender(
            self.settings.kafka,
            self.settings.topics.pages,
            refuse=lambda page, why: refused.append(f"{page.name}: {why}"),
            confirmed=lambda page, origin: tally.published(by_name[page.name], origin),
        )
        async with sender:
            for sample in by_name.values():
                await sender.send(Input(sample.name, sample.raw))
        if refused:
            raise SendError(f"a sample page was not published: {refused[0]}")

    def _check(self) -> None:
        for part in self.parts:
            part.check_running()

    def _account(self, tally: Tally, seconds: float) -> int:
        pages = len(samples())
        told = (
            f"{pages} pages: {tally.articles} articles, {tally.none} without any, {_counted(tally.dead, 'dead letter')}"
        )
        self.console.print(Text(f"\n{told}; {pages / seconds:.1f} pages per second from a cold start", "bold"))
        complaints = list(tally.complaints())
        for line in complaints:
            self.console.print(Text(line, "red"))
        if not complaints:
            self.console.print(Text("Every sample page gave what it should.", "green"))
        return EX_FAILED if complaints else 0

    def _say_how_to_go_on(self) -> None:
        servers = self.settings.kafka.bootstrap_servers
        self.console.print(f"\nRead the feed at {self.feed_address} or publish pages of your own:")
        self.console.print(f"  {_called()} --bootstrap-servers {servers} publish {self._topic_option()}FILE")
        self.console.print("Ctrl-C ends it all.\n")

    def _topic_option(self) -> str:
        pages = self.settings.topics.pages
        return "" if pages == Settings().topics.pages else f"--topic {pages} "


def _said(value: object) -> str:
    """A setting's value as an environment variable says it."""
    return value if isinstance(value, str) else json.dumps(value)


def _called() -> str:
    """How this command is called from here."""
    if shutil.which("broadsheet"):
        return "broadsheet"
    return os.path.relpath(Path(sys.executable).with_name("broadsheet"))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
