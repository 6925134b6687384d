"""`broadsheet kafka`: a local broker in the foreground, until Ctrl-C."""

import signal
import time
from pathlib import Path

import click

from broadsheet.cli import load_settings

LOOK_SECONDS = 1.0
"""How often it is looked whether the broker is still there."""


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=9092, show_default=True, help="Port on loopback.")
@click.option("--free-port", is_flag=True, help="Take a free port instead.")
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder (default: .broadsheet/kafka)."
)
@click.pass_context
def command(ctx: click.Context, port: int, free_port: bool, data: Path | None) -> None:
    """Run a real Apache Kafka on this machine until Ctrl-C; no Docker and no Java needed.

    One node for development, on loopback only. The first start downloads Kafka (41 MB); later ones take seconds. Topics
    stay in the data folder. The bootstrap address is printed on stdout when the broker is ready.
    """
    from broadsheet.runtime.local_kafka import LocalKafka, LocalKafkaError

    settings = load_settings(ctx)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does
    click.echo("Starting Apache Kafka ...", err=True)
    folder = data or settings.home / "kafka"
    try:
        with LocalKafka(folder, None if free_port else port, cache=settings.cache) as kafka:
            click.echo(kafka.bootstrap_servers)
            click.echo(f"Ready. Log: {kafka.log}. Stop with Ctrl-C.", err=True)
            while True:
                kafka.check_running()
                time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
    except LocalKafkaError as error:
        raise click.ClickException(str(error)) from None
