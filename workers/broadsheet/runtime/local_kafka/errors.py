"""What can go wrong with a local broker, as one plain line for people."""


class LocalKafkaError(Exception):
    """The local broker cannot be had; the message says why and what to do, in one line."""
