"""What listens where Kafka should be is told from Kafka at once, whatever it says or leaves unsaid."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from broadsheet.cli import reaching
from broadsheet.cli.reaching import no_kafka, nothing_listens


@contextmanager
def listener(answer: bytes | None) -> Iterator[str]:
    """Something that answers each connection so, and closes it; None answers nothing and keeps it open."""
    kept = []

    def serve(server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            if answer is None:
                kept.append(connection)
                continue
            with connection:
                connection.recv(100)
                connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,), daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    thread.join()
    for connection in kept:
        connection.close()


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"\x00\x00\x00\x06\x00\x00\x00\x02", None]
)
def test_what_is_no_kafka(answer: bytes | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "_ANSWER_SECONDS", 0.2)
    with listener(answer) as server:
        assert nothing_listens(server) is None
        assert server in (no_kafka(server) or "")


@pytest.mark.kafka
def test_a_kafka_answers(kafka: str) -> None:
    assert no_kafka(kafka) is None
    with listener(b"") as other:
        assert no_kafka(f"{other},{kafka}") is None
