"""Integers beyond 64 bits in a scraper's own metadata: orjson reads them as floats and writes none of them.

They are seen by what they became, so that a message without them is read once.
"""

from typing import Any

_BEYOND = 2.0**63
"""From here on orjson gives a float for an integer, and every float is one."""
_FIT = range(-(2**63), 2**64)


def became_float(value: Any) -> bool:
    """Whether some number in the value may be an integer that was too large."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, float) and abs(one) >= _BEYOND:
            return True
    return False


def without_large(value: Any) -> Any:
    """The value with 0 for each integer beyond 64 bits: to see whether the rest can be written."""
    if isinstance(value, int):
        return value if value in _FIT else 0
    if isinstance(value, list):
        return [without_large(one) for one in value]
    if isinstance(value, dict):
        return {name: without_large(one) for name, one in value.items()}
    return value
