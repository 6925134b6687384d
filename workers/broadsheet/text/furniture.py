"""Lines that are a page's furniture, told by their own text: toggles, share bars, calls to action, adverts.

Each rule gives the audit its reason. Lines are judged whole: a sentence that speaks of advertisements is none.
"""

import re

from broadsheet.text.tables import FURNITURE, any_of, one_of, words_of
from broadsheet.text.words import count_words, fold

LONGEST_CALL_WORDS = 24
"""A call such as "Read more: …" may carry a headline; beyond this it is prose. A headline's upper length."""
LONGEST_LINE = 1_000
"""Characters of a line that is furniture but for rows of signs: a call with its headline has under 300."""

_TEXT_SIZE = re.compile(
    r"(?:[AА]\s*[-+−–±]?[\s|/,]*){2,6}|(?:T\s*[-+−–±]?[\s|/,]*){2,6}|[AT]\s?[-+−–]|(?:text|font)[ -]?size\s*:?.{0,24}",
    re.IGNORECASE,
)
_SYMBOLS = re.compile(r"[\W_]+")
_BETWEEN = re.compile(r"[|/•·,:]")
_DIGIT = re.compile(r"\d")
_COUNTER = re.compile(r"\d{1,3}(?:[.,]\d{1,3})?[kKmM]?")

_NETWORK_NAMES = """facebook twitter x whatsapp telegram linkedin pinterest reddit email e-mail mail print tumblr
instagram
tiktok youtube flipboard pocket messenger viber line weibo wechat qq vk vkontakte ok xing threads bluesky mastodon sms
copy link rss snapchat teilen drucken imprimer imprimir stampa listen afdrukken drukuj
yazdır печать распечатать طباعة הדפסה प्रिंट 打印 印刷 列印 พิมพ์ 인쇄 feedly gmail skype kakaotalk hatena share tweet
post pin
save فيسبوك تويتر واتساب تيليغرام تلغرام טוויטר פייסבוק וואטסאפ фейсбук твиттер вконтакте одноклассники 微博 微信"""
_NETWORKS = frozenset(_NETWORK_NAMES.split())

_KINDS = {fold(line): kind for kind in FURNITURE for line in words_of(kind)}
_CALLS = words_of("calls")
_CALL = re.compile(rf"{one_of(_CALLS)}\s*[:：|>»–-]", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés)",
    re.IGNORECASE,
)
_LEADS = frozenset("(cCaAtT") | {case for call in _CALLS for case in (call[0], call[0].upper())}
"""Of ASCII the first characters that a call or a notice may have, so that few lines are asked about each."""
_READING_TIME = re.compile(
    rf"{any_of(words_of('reading-time'))}?\s*:?\s*\d{{1,3}}\s*[-–]?\s*{any_of(words_of('minutes'))}\.?\s*"
    rf"{any_of(words_of('reading'))}?",
    re.IGNORECASE,
)
_VIEWS = re.compile(rf"\d[\d.,\u00a0\u202f ]{{0,30}}[kKmM]?\s*{any_of(words_of('views'))}", re.IGNORECASE)


def furniture_kind(text: str) -> str | None:
    """Why `text`, a whole line, is furniture; None if nothing tells that it is."""
    if len(text) > LONGEST_LINE:
        return "separator" if _SYMBOLS.fullmatch(text) else None
    words = count_words(text)
    if words > LONGEST_CALL_WORDS:
        return None
    if words <= 6:
        short = _short_kind(text)
        if short:
            return short
    first = text[:1]
    if first in _LEADS or first > "\x7f":
        if _CALL.match(text):
            return "call-to-action"
        if words <= 20 and _COPYRIGHT.match(text):
            return "copyright"
    return _KINDS.get(fold(text))


def _short_kind(text: str) -> str | None:
    """Kinds that only lines of a few words have."""
    first = text[:1]
    if (first in "aAtTfF" or first > "\x7f") and _TEXT_SIZE.fullmatch(text):
        return "text-size-toggle"
    if not first.isalnum() and _SYMBOLS.fullmatch(text):
        return "separator"
    if _DIGIT.search(text):
        if _READING_TIME.fullmatch(text):
            return "reading-time"
        if _VIEWS.fullmatch(text):
            return "view-counter"
    folded = text.casefold()
    last = folded[folded.rfind(" ") + 1 :]
    if last.isalpha() and last not in _NETWORKS:
        return None
    names = _BETWEEN.sub(" ", folded).split()
    named = not _NETWORKS.isdisjoint(names) and all(name in _NETWORKS or _COUNTER.fullmatch(name) for name in names)
    return "share-bar" if named else None
