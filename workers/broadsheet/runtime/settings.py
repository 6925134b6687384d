"""One frozen Settings, parsed and validated once at the start, passed down in small pieces.

Sources, the first wins: arguments, `BROADSHEET_*` environment variables (`BROADSHEET_KAFKA__BOOTSTRAP_SERVERS`),
`.env`, the TOML file that `BROADSHEET_CONFIG` names (default `broadsheet.toml`).
"""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from broadsheet.options import MEBIBYTE, Limits, Options, Refuse


def user_cache() -> Path:
    """Where this user's caches lie, by the XDG base directory specification."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "broadsheet"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _addresses(servers: str) -> str:
    for server in servers.split(","):
        host, _, port = server.strip().rpartition(":")
        if not host.strip("[]") or "/" in host or not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
            raise ValueError(f"{server.strip()!r} is not HOST:PORT")
    return servers


LEAST_MESSAGE_BYTES = 16 * 1024
"""The outcome of a page that may say no more than why it is dead must fit: 4 KB at most."""


class KafkaSettings(_Section):
    """How to reach the brokers."""

    bootstrap_servers: Annotated[str, AfterValidator(_addresses)] = "127.0.0.1:9092"
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ssl_cafile: Path | None = None
    ssl_certfile: Path | None = None
    ssl_keyfile: Path | None = None
    group: str = Field(default="broadsheet", min_length=1)
    group_instance: str | None = Field(
        default=None,
        min_length=1,
        description="a worker's fixed name in its group: restarted, it has its partitions back at once",
    )
    session_timeout: float = Field(default=30.0, gt=0, description="seconds")
    transaction_timeout: float = Field(
        default=15.0, gt=0, description="seconds until the broker aborts what a dead worker left open"
    )
    max_message_bytes: int = Field(
        default=8 * MEBIBYTE, ge=LEAST_MESSAGE_BYTES, description="largest record that is sent"
    )


def _topic_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,249}", name) or name in {".", ".."}:
        raise ValueError(f"{name[:60]!r} is no name that Kafka takes (letters, digits, . _ -; at most 249)")
    return name


TopicName = Annotated[str, AfterValidator(_topic_name)]


class TopicSettings(_Section):
    """Names of the topics, and their shape where `broadsheet topics create` makes them."""

    pages: TopicName = "pages.raw"
    more_pages: tuple[TopicName, ...] = Field(default=(), description="further topics that workers take pages from")
    articles: TopicName = "articles"
    outcomes: TopicName = "pages.outcomes"
    dead: TopicName = "pages.dead"
    partitions: int = Field(default=6, ge=1)
    replication_factor: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        """Results that came back as pages would go round for ever; two kinds in one topic no reader can tell apart."""
        names = [("pages", self.pages), *(("more_pages", name) for name in self.more_pages)]
        names += [("articles", self.articles), ("outcomes", self.outcomes), ("dead", self.dead)]
        taken: dict[str, str] = {}
        for setting, name in names:
            if name in taken:
                raise ValueError(f"{taken[name]} and {setting} are the same topic, {name}: each needs its own")
            taken[name] = setting
        return self


class WorkerSettings(_Section):
    """How much a worker does at once, and when it gives a page up."""

    children: int = Field(default=2, ge=1, description="processes that work on pages")
    page_cpu: float = Field(default=3.0, gt=0, description="seconds of CPU for one page, then it is a dead letter")
    page_timeout: float = Field(default=30.0, gt=0, description="seconds for one page, then it is a dead letter")
    child_memory: int = Field(default=512 * MEBIBYTE, gt=0, description="bytes a child may use above its start")
    window_pages: int = Field(default=100, ge=1, description="pages in flight in a worker")
    window_bytes: int = Field(default=64 * MEBIBYTE, gt=0, description="bytes of pages in flight in a worker")
    drain_timeout: float = Field(default=20.0, gt=0, description="seconds for finishing pages at a stop")
    stuck_after: float = Field(default=60.0, gt=0, description="seconds without progress while work waits")
    delivery: Literal["exactly-once", "at-least-once"] = Field(
        default="exactly-once", description="at-least-once is for brokers without transactions"
    )
    batch_interval: float = Field(default=0.05, ge=0, description="seconds that finished pages wait for company")
    batch_pages: int = Field(default=500, ge=1, description="pages published and acknowledged as one")
    batch_bytes: int = Field(default=16 * MEBIBYTE, gt=0, description="bytes of records published as one")
    breaker_share: float = Field(
        default=0.5, gt=0, le=1, description="share of pages dead by faults of ours that pauses the worker; 1 is never"
    )
    breaker_pause: float = Field(default=300.0, gt=0, description="seconds of that pause, then a few pages are tried")
    page_work: str = Field(
        default="broadsheet.runtime.work:work_page",
        description="what a child calls for a page (tests and benchmarks)",
    )
    publisher: str | None = Field(default=None, description="another publisher in place of the delivery's (tests)")


class WebSettings(_Section):
    """Where a worker answers /live, /ready and /metrics. Port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = Field(default=6066, ge=0, le=65535)


class FeedSettings(_Section):
    """The feed server: where it listens, how many of the newest articles it keeps, what it lets a client do."""

    host: str = "127.0.0.1"
    port: int = Field(default=8070, ge=0, le=65535)
    window: int = Field(default=5_000, ge=1, description="articles that are kept, the newest")
    window_bytes: int = Field(default=256 * MEBIBYTE, gt=0, description="bytes of their records, at most")
    database: Path | None = Field(default=None, description="file of the window; in memory if not set")
    title: str = Field(default="Broadsheet", min_length=1, description="name of the feeds and the page")
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        description="address behind a proxy, for the feeds' links",
    )
    clients: int = Field(default=500, ge=1, description="streams open at once")
    heartbeat: float = Field(default=15.0, gt=0, description="seconds of silence before a sign of life on a stream")
    send_timeout: float = Field(default=20.0, gt=0, description="seconds a stream may stand full before it is dropped")


class LogSettings(_Section):
    """Structured logs: JSON lines, or readable lines for a terminal."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    format: Literal["json", "console"] = "json"


class LimitSettings(_Section):
    """Bounds on a page, as `options.Limits` tells."""

    page_bytes: int = Field(default=10 * MEBIBYTE, gt=0)
    expansion: int = Field(default=100, gt=1)
    url_chars: int = Field(default=2_048, gt=0)
    articles: int = Field(default=1_000, gt=0)


class _Ours(PydanticBaseSettingsSource):
    """A `.env` without the lines of others: one file often serves several programs of a project."""

    def __init__(self, settings_cls: type[BaseSettings], dotenv: PydanticBaseSettingsSource) -> None:
        super().__init__(settings_cls)
        self._dotenv = dotenv

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self._dotenv.get_field_value(field, field_name)

    def __call__(self) -> dict[str, Any]:
        found = self._dotenv()
        return {name: found[name] for name in found if name in self.settings_cls.model_fields or _is_ours(name)}


def _is_ours(name: str) -> bool:
    return name.startswith("broadsheet_") and name != "broadsheet_config"


class Settings(BaseSettings):
    """All settings of all commands."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="BROADSHEET_", env_nested_delimiter="__", env_file=".env"
    )

    kafka: KafkaSettings = KafkaSettings()
    topics: TopicSettings = TopicSettings()
    worker: WorkerSettings = WorkerSettings()
    web: WebSettings = WebSettings()
    feed: FeedSettings = FeedSettings()
    log: LogSettings = LogSettings()
    limits: LimitSettings = LimitSettings()
    live_blog: Literal["one", "each"] = Field(
        default="one", description="a live blog as one article, its entries under headings; or each entry as one"
    )
    refuse: Refuse = Field(
        default="likely",
        description="which pages end as none: those that likely hold no article, those that surely do, or never one "
        "that has text (its page_type then says what it looks like)",
    )
    home: Path = Field(default=Path(".broadsheet"), description="data of the local broker and the demo")
    cache: Path = Field(default_factory=user_cache, description="what the local broker downloads, kept for next time")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls, Path(os.environ.get("BROADSHEET_CONFIG", "broadsheet.toml")))
        return (init_settings, env_settings, _Ours(settings_cls, dotenv_settings), toml, file_secret_settings)

    def options(self) -> Options:
        """The part of the settings that the pure core sees."""
        return Options(limits=Limits(**self.limits.model_dump()), live_blog=self.live_blog, refuse=self.refuse)
