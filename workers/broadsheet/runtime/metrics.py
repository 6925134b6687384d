"""All metrics of a worker, in one list, for Prometheus.

broadsheet_pages_taken_total            pages taken from the input
broadsheet_pages_total{result}          pages published, by result: articles, none, dead
broadsheet_dead_letters_total{reason}   pages that could not be read, by reason
broadsheet_articles_total               articles published
broadsheet_page_seconds                 from a page taken to its records on the broker
broadsheet_page_cpu_seconds             CPU of one page's work in its child
broadsheet_publish_seconds              one batch: its records and their acknowledgement
broadsheet_child_deaths_total{ending}   children that were killed at a deadline, or died
broadsheet_pages_at_work                pages in flight
broadsheet_bytes_at_work                bytes of pages in flight
broadsheet_partitions                   input partitions that this worker has
broadsheet_behind_offsets{partition}    offsets between what was fetched and the end, open transactions' included
broadsheet_paused                       1 while the breaker holds this worker
broadsheet_ready                        1 while this worker takes pages
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""Bounds of the histograms: a page takes milliseconds, its deadline is half a minute."""


class Metrics:
    """A worker's metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.pages_taken = Counter("broadsheet_pages_taken", "Pages taken from the input", registry=registry)
        self.pages = Counter("broadsheet_pages", "Pages published, by result", ["result"], registry=registry)
        self.dead = Counter("broadsheet_dead_letters", "Pages that could not be read", ["reason"], registry=registry)
        self.articles = Counter("broadsheet_articles", "Articles published", registry=registry)
        self.page_seconds = Histogram(
            "broadsheet_page_seconds",
            "From a page taken to its records on the broker",
            buckets=SECONDS,
            registry=registry,
        )
        self.page_cpu_seconds = Histogram(
            "broadsheet_page_cpu_seconds", "CPU of one page's work", buckets=SECONDS, registry=registry
        )
        self.publish_seconds = Histogram(
            "broadsheet_publish_seconds", "One batch published and acknowledged", buckets=SECONDS, registry=registry
        )
        self.child_deaths = Counter("broadsheet_child_deaths", "Children killed or dead", ["ending"], registry=registry)
        self.pages_at_work = Gauge("broadsheet_pages_at_work", "Pages in flight", registry=registry)
        self.bytes_at_work = Gauge("broadsheet_bytes_at_work", "Bytes of pages in flight", registry=registry)
        self.partitions = Gauge("broadsheet_partitions", "Input partitions of this worker", registry=registry)
        self.behind = Gauge("broadsheet_behind_offsets", "Offsets yet to fetch", ["partition"], registry=registry)
        self.paused = Gauge("broadsheet_paused", "1 while the breaker holds this worker", registry=registry)
        self.ready = Gauge("broadsheet_ready", "1 while this worker takes pages", registry=registry)

    def text(self) -> bytes:
        """All of them in Prometheus' text format."""
        return generate_latest(self.registry)
