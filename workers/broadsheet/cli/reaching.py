"""Whether anything listens where Kafka should be: told within seconds, before a client begins its own long attempts."""

import socket

_SECONDS = 3.0


def nothing_listens(bootstrap_servers: str) -> str | None:
    """None if one of the servers takes a connection; else one plain line that names each and why it does not."""
    problems = []
    for server in bootstrap_servers.split(","):
        problem = _problem(server.strip())
        if problem is None:
            return None
        problems.append(problem)
    return "; ".join(problems)


def _problem(server: str) -> str | None:
    host, _, port = server.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        return f"{server!r} is not HOST:PORT"
    try:
        socket.create_connection((host.strip("[]"), int(port)), _SECONDS).close()
    except (OSError, UnicodeError) as error:
        return f"nothing listens at {server} ({error})"
    return None
