"""Texts that are no article, told with care: an article refused is worse than a listing let through."""

import re
from collections.abc import Sequence

from broadsheet.errors import NoneReason
from broadsheet.native.text import prose_words
from broadsheet.text.words import count_words

MIN_WORDS = 40
"""Fewer words of prose than this are no article. The shortest of 900 real ones has about 50 words."""


SHORT_WORDS = 120
"""A page whose prose is shorter may be a wall or an error page, if its words say so."""


LONGEST_LINE = 500
"""Characters: what a wall or an error page has to say stands at a line's start."""


_ERROR = re.compile(
    r"\b(?:404|403|500|502|503)\b.{0,30}\b(?:not found|error|forbidden|unavailable|bad gateway)|page (?:you .{0,40})?"
    r"(?:not found|(?:can|could) ?(?:not|n['’]t) be found|does(?: not|n['’]t) exist|no longer (?:exists|available))|"
    r"(?:oops|sorry)[!,.].{0,60}(?:went wrong|not found|find (?:the|that) page)|access denied|service unavailable|"
    r"seite (?:wurde )?nicht gefunden|page (?:non trouvée|introuvable)|página no encontrada|pagina non trovata|"
    r"página não encontrada|strona nie (?:została )?znaleziona|страница не найдена|الصفحة غير موجودة|"
    r"页面不存在|找不到页面|"
    r"ページが見つかりません|ไม่พบหน้า|sayfa bulunamadı|pagina niet gevonden",
    re.IGNORECASE,
)


_WALL = re.compile(
    r"(?:sign|log) ?in to (?:continue|read|your account|view)|(?:please|you must|you need to) (?:sign|log) ?in|"
    r"subscribe to (?:continue|keep) reading|create (?:a free |an )?account to|already (?:a subscriber|"
    r"have an account)|"
    r"forgot(?:ten)? (?:your )?password|subscribers? only|verify (?:that )?you are (?:a )?human|checking your browser|"
    r"enable javascript and cookies|are you a robot|anmelden,? um|jetzt anmelden|passwort vergessen|connectez-vous|"
    r"mot de passe oublié|réservé aux abonnés|inicia sesión|olvidaste tu contraseña|войдите|забыли пароль|"
    r"سجل الدخول|تسجيل الدخول|请登录|登录后|ログインして|เข้าสู่ระบบ",
    re.IGNORECASE,
)


def refuse_text(lines: Sequence[str], status: int | None = None) -> NoneReason | None:
    """Why a page with these lines holds no article; None if it may hold one.

    Error and login pages are told by their words only where there is little prose besides.
    """
    prose = prose_words(lines)
    if prose >= SHORT_WORDS:
        return None
    joined = "\n".join([line[:LONGEST_LINE] for line in lines[:60]])
    if (status is not None and status >= 400) or _ERROR.search(joined):
        return NoneReason.ERROR_PAGE
    if _WALL.search(joined):
        return NoneReason.LOGIN_WALL
    if prose < MIN_WORDS and sum(map(count_words, lines)) < 2 * MIN_WORDS:
        return NoneReason.NO_ARTICLE_TEXT
    return None
