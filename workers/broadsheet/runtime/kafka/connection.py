"""How the settings of a Kafka connection are said to the two clients: aiokafka and kafka-python.

Both clients say why a broker refused them only in their logs ("SaslAuthenticationFailed", "CERTIFICATE_VERIFY_FAILED");
what they raise is "unable to bootstrap". `reasons` keeps those log lines, so that one plain line can name the cause.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from ssl import SSLContext, SSLError, create_default_context
from typing import Any

from broadsheet.runtime.settings import KafkaSettings


class ConnectionSettingsError(ValueError):
    """Settings from which no connection can be made; its text is one plain line that names the setting."""


def aiokafka_arguments(kafka: KafkaSettings) -> dict[str, Any]:
    """The connection's keyword arguments for aiokafka's consumer, producer and admin client.

    Raises ConnectionSettingsError where a file or a password that the protocol asks for is missing.
    """
    arguments: dict[str, Any] = {
        "bootstrap_servers": kafka.bootstrap_servers,
        "security_protocol": kafka.security_protocol,
        **_sasl(kafka),
    }
    if kafka.security_protocol.endswith("SSL"):
        arguments["ssl_context"] = ssl_context(kafka)
    return arguments


def kafka_python_arguments(kafka: KafkaSettings) -> dict[str, Any]:
    """The connection's keyword arguments for kafka-python's producer, consumer and admin client.

    Raises ConnectionSettingsError as `aiokafka_arguments` does.
    """
    arguments = aiokafka_arguments(kafka)
    arguments["bootstrap_servers"] = [server.strip() for server in kafka.bootstrap_servers.split(",")]
    return arguments


def ssl_context(kafka: KafkaSettings) -> SSLContext:
    """Trusts `ssl_cafile`, else the system's authorities; shows `ssl_certfile` if set; host names are checked.

    Raises ConnectionSettingsError where a file is missing or cannot be used.
    """
    for name in ("ssl_cafile", "ssl_certfile", "ssl_keyfile"):
        path: Path | None = getattr(kafka, name)
        if path is not None and not path.is_file():
            raise ConnectionSettingsError(f"setting kafka.{name}: no file {path}")
    try:
        context = create_default_context(cafile=kafka.ssl_cafile)
        if kafka.ssl_certfile is not None:
            context.load_cert_chain(kafka.ssl_certfile, kafka.ssl_keyfile)
    except (SSLError, OSError) as error:
        raise ConnectionSettingsError(f"setting kafka.ssl_*: {error}") from None
    return context


def _sasl(kafka: KafkaSettings) -> dict[str, str]:
    if not kafka.security_protocol.startswith("SASL"):
        return {}
    if kafka.sasl_username is None or kafka.sasl_password is None:
        raise ConnectionSettingsError(
            f"setting kafka.security_protocol: {kafka.security_protocol} needs sasl_username and sasl_password"
        )
    return {
        "sasl_mechanism": kafka.sasl_mechanism,
        "sasl_plain_username": kafka.sasl_username,
        "sasl_plain_password": kafka.sasl_password.get_secret_value(),
    }


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        del self.lines[:-20]


@contextmanager
def reasons(logger: str = "aiokafka") -> Iterator[list[str]]:
    """While it lasts, a client's warnings go into the list (the last 20) instead of the log.

    `logger` is "aiokafka" or "kafka".
    """
    client, kept = logging.getLogger(logger), _Kept()
    propagate = client.propagate
    client.addHandler(kept)
    client.propagate = False
    try:
        yield kept.lines
    finally:
        client.removeHandler(kept)
        client.propagate = propagate
