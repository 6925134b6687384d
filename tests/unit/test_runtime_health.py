"""Where a worker answers when its port is taken: elsewhere, unless that very port was asked for."""

import socket
from collections.abc import Iterator

import pytest

from broadsheet.runtime.settings import WebSettings
from broadsheet.runtime.watch import health


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A port that is taken, which a setting that is not set stands for."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setattr(WebSettings.model_fields["port"], "default", port)
        WebSettings.model_rebuild(force=True)
        yield port
    monkeypatch.undo()
    WebSettings.model_rebuild(force=True)


def server(settings: WebSettings) -> health.Health:
    return health.Health(settings, lambda: None, lambda: None, lambda: b"")


async def test_another_worker_on_the_machine_takes_a_free_port(taken: int) -> None:
    second = server(WebSettings())
    await second.start()
    assert second.port not in {0, taken}
    await second.stop()


async def test_a_port_that_was_asked_for_is_kept_to(taken: int) -> None:
    second = server(WebSettings(port=taken))
    with pytest.raises(OSError, match=f"port {taken} is taken, by another worker maybe: set web.port"):
        await second.start()
    await second.stop()
