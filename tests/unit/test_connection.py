"""A Kafka connection's settings, said to both clients, or refused in one plain line that names the setting."""

import logging
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from broadsheet.runtime.kafka.connection import (
    ConnectionSettingsError,
    aiokafka_arguments,
    kafka_python_arguments,
    reasons,
)
from broadsheet.runtime.settings import KafkaSettings


def test_plaintext_says_no_secret() -> None:
    kafka = KafkaSettings(bootstrap_servers="a:1, b:2", sasl_username="u", sasl_password=SecretStr("p"))
    assert aiokafka_arguments(kafka) == {"bootstrap_servers": "a:1, b:2", "security_protocol": "PLAINTEXT"}
    assert kafka_python_arguments(kafka)["bootstrap_servers"] == ["a:1", "b:2"]


def test_sasl_and_tls_are_said_to_both() -> None:
    kafka = KafkaSettings(security_protocol="SASL_SSL", sasl_username="u", sasl_password=SecretStr("p"))
    for arguments in (aiokafka_arguments(kafka), kafka_python_arguments(kafka)):
        assert arguments["sasl_mechanism"] == "SCRAM-SHA-512"
        assert (arguments["sasl_plain_username"], arguments["sasl_plain_password"]) == ("u", "p")
        assert arguments["ssl_context"].check_hostname


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"security_protocol": "SASL_PLAINTEXT", "sasl_username": "u"}, "sasl_password"),
        ({"security_protocol": "SASL_SSL", "sasl_password": SecretStr("p")}, "sasl_username"),
        ({"security_protocol": "SSL", "ssl_cafile": Path("no/such/file")}, r"kafka\.ssl_cafile"),
        ({"security_protocol": "SSL", "ssl_certfile": Path("no/such/file")}, r"kafka\.ssl_certfile"),
        ({"security_protocol": "SSL", "ssl_cafile": Path(__file__)}, r"kafka\.ssl_"),
    ],
)
def test_what_is_missing_is_named(given: dict[str, Any], named: str) -> None:
    with pytest.raises(ConnectionSettingsError, match=named) as refused:
        aiokafka_arguments(KafkaSettings(**given))
    assert "\n" not in str(refused.value)


def test_a_clients_reasons_are_kept_instead_of_logged(caplog: pytest.LogCaptureFixture) -> None:
    with reasons() as said:
        logging.getLogger("aiokafka.conn").warning("refused: %s", "why")
    logging.getLogger("aiokafka.conn").warning("after")
    assert said == ["refused: why"]
    assert caplog.messages == ["after"]
