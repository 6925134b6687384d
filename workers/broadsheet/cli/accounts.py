"""The account of a page on its way from a child: what was made of the page and of each block, as JSON and back."""

from dataclasses import replace
from functools import cache
from typing import NamedTuple

from pydantic import TypeAdapter

from broadsheet.audit import Marked
from broadsheet.values import PageResult


class Account(NamedTuple):
    """A page's result, and each of its blocks with its fate."""

    result: PageResult
    blocks: tuple[Marked, ...]


@cache
def _adapter() -> TypeAdapter[Account]:
    return TypeAdapter(Account)


def pack(account: Account) -> bytes:
    """For the way: the page's text goes once."""
    page = replace(account.result.page, utf8=None)
    return _adapter().dump_json(account._replace(result=replace(account.result, page=page)))


def unpack(packed: bytes) -> Account:
    """The same again. Raises ValueError where it is none."""
    return _adapter().validate_json(packed)
