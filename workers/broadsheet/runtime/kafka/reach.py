"""Whether the brokers can be reached from here: told within seconds and by name, before a client's own long attempts.

The bootstrap servers may answer where the addresses that they give for the brokers lead nowhere.
"""

import asyncio
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from broadsheet.runtime.kafka.connection import ConnectionSettingsError, aiokafka_arguments, reasons
from broadsheet.runtime.settings import KafkaSettings

ANSWER_SECONDS = 10.0
"""How long a bootstrap server may take to answer before it counts as not reachable."""

CONNECT_SECONDS = 3.0
"""The same for a connection to a broker's own address."""


class UnreachableError(Exception):
    """The brokers cannot be reached; the text is one plain line that says which address, and why."""


def reach(kafka: KafkaSettings) -> Mapping[str, str]:
    """The brokers' own addresses that cannot be reached, with the reason: none of them where all is well.

    Raises UnreachableError where no bootstrap server answers as it should, or no broker at all can be reached.
    """
    with ThreadPoolExecutor(1) as elsewhere:  # our caller may run in a loop
        return elsewhere.submit(asyncio.run, _reach(kafka)).result()


def gives(kafka: KafkaSettings, closed: Mapping[str, str]) -> str:
    """What is wrong where such addresses are given, as one line."""
    named = ", ".join(f"{address} ({why})" for address, why in closed.items())
    return f"Kafka at {kafka.bootstrap_servers} answers, but gives as its brokers' addresses what is not there: {named}"


REMEDY = "set the broker's advertised.listeners to an address that can be reached from here"


async def _reach(kafka: KafkaSettings) -> Mapping[str, str]:
    addresses = await _advertised(kafka)
    why = await asyncio.gather(*[_closed(address) for address in addresses])
    closed = {f"{host}:{port}": reason for (host, port), reason in zip(addresses, why, strict=True) if reason}
    if addresses and len(closed) == len(addresses):
        raise UnreachableError(f"{gives(kafka, closed)}; {REMEDY}")
    return closed


async def _advertised(kafka: KafkaSettings) -> Collection[tuple[str, int]]:
    """The addresses that the first bootstrap server that answers gives for the cluster's brokers."""
    try:
        client = AIOKafkaClient(**aiokafka_arguments(kafka))
    except ConnectionSettingsError as error:
        raise UnreachableError(str(error)) from None
    with reasons() as said:
        try:
            await asyncio.wait_for(client.bootstrap(), ANSWER_SECONDS)
            return sorted({(broker.host, broker.port) for broker in client.cluster.brokers()})
        except TimeoutError:
            why = said[-1] if said else f"no answer within {ANSWER_SECONDS:.0f} s"
        except (KafkaError, OSError, ValueError) as error:
            why = said[-1] if said else str(error) or type(error).__name__
        finally:
            await client.close()
    raise UnreachableError(f"cannot reach Kafka at {kafka.bootstrap_servers}: {' '.join(why.split())}")


async def _closed(address: tuple[str, int]) -> str | None:
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(*address), CONNECT_SECONDS)
    except TimeoutError:
        return f"no answer within {CONNECT_SECONDS:.0f} s"
    except (OSError, ValueError) as error:
        return str(error)
    writer.close()
    return None
