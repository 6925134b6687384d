"""All metrics of the feed server, in one list, for Prometheus.

broadsheet_feed_records_total{kind}     records read: article, withdrawal, unreadable
broadsheet_feed_articles                articles in the window
broadsheet_feed_connected               1 while Kafka answers
broadsheet_feed_streams                 streams open
broadsheet_feed_streams_dropped_total   connections dropped because their reader was too slow
broadsheet_feed_replays_total           streams that resumed from Kafka, from before the window
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest


class FeedMetrics:
    """A feed server's metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.records = Counter("broadsheet_feed_records", "Records read, by kind", ["kind"], registry=registry)
        self.articles = Gauge("broadsheet_feed_articles", "Articles in the window", registry=registry)
        self.connected = Gauge("broadsheet_feed_connected", "1 while Kafka answers", registry=registry)
        self.streams = Gauge("broadsheet_feed_streams", "Streams open", registry=registry)
        self.dropped = Counter(
            "broadsheet_feed_streams_dropped", "Connections of slow readers dropped", registry=registry
        )
        self.replays = Counter("broadsheet_feed_replays", "Streams resumed from Kafka", registry=registry)

    def text(self) -> bytes:
        """All of them in Prometheus' text format."""
        return generate_latest(self.registry)
