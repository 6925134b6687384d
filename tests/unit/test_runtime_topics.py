"""What is said of a topic that is not described: missing, or not to be seen, are not the same."""

import pytest

from broadsheet.runtime.kafka.topics import Shape, _complaints


@pytest.mark.parametrize(
    ("described", "says"),
    [
        (None, "topic articles is missing: make it with `broadsheet topics create`"),
        ({"error_code": 3}, "topic articles is missing: make it with `broadsheet topics create`"),
        ({"error_code": 29}, "no right to see topic articles: ask the cluster's keeper for Describe on it"),
        ({"error_code": 5}, "topic articles is not described by the brokers: LeaderNotAvailableError"),
    ],
)
def test_a_topic_that_is_not_described(described: dict[str, int] | None, says: str) -> None:
    assert list(_complaints(Shape("articles", 1, 1, 1), described, {})) == [says]
