"""Structured logs on stderr, one JSON object a line: ours, and those of Faust and aiokafka in the same form."""

import logging
import sys
from typing import Any

import structlog

from broadsheet.runtime.settings import LogSettings

CHATTY = ("aiokafka", "aiohttp.access", "faust", "kafka", "mode", "broadsheet.runtime.delivery.faust_hooks")
"""Loggers that say much of little: every service that starts, every request. Their warnings come through. (The last
is Faust's own: it names a service's logger after the module of its class.)"""


QUIET_SECONDS = 10.0
"""A foreign logger's line comes once in so many seconds: aiokafka says many times a second that a broker is gone."""


class Unrepeated(logging.Filter):
    """Passes a message (its form, before values are put in) once in a while; ours pass always."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is passed on."""
        if record.name.startswith("broadsheet"):
            return True
        form = (record.name, str(record.msg)[:200])
        new = record.created - self._said.get(form, 0.0) > QUIET_SECONDS
        if new:
            self._said[form] = record.created
        if len(self._said) > 1_000:  # forms that hold values: forget rather than grow
            self._said.clear()
        return new


def configure(settings: LogSettings) -> None:
    """Set up logging for the whole process, once."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_renderers(settings)))
    handler.addFilter(Unrepeated())
    logging.basicConfig(handlers=[handler], level=settings.level, force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(settings.level)))


def _renderers(settings: LogSettings) -> list[Any]:
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if settings.format == "console":
        return [drop, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    return [drop, structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer(default=str)]
