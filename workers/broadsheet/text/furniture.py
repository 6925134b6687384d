"""Lines that are a page's furniture, told by their own text: toggles, share bars, calls to action, adverts.

Each rule gives the audit its reason. Lines are judged whole: a sentence that speaks of advertisements is none.
"""

import re

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

_LINES: dict[str, tuple[str, ...]] = {
    "advertisement": (
        "advertisement", "advertisements", "ad", "ads", "advert", "sponsored", "sponsored content", "promoted",
        "advertisement continue reading the main story", "story continues below", "story continues below advertisement",
        "article continues below", "article continues after advertisement", "article continues below advertisement",
        "advertisement scroll to continue", "scroll to continue", "scroll to continue with content",
        "continues below ad",
        "remove ads", "report this ad", "ad feedback", "anzeige", "werbung", "publicité", "annonce", "publicidad",
        "anuncio", "publicidade", "pubblicità", "advertentie", "reklama", "reklam", "annons", "mainos", "реклама",
        "إعلان", "اعلان", "إعلانات", "פרסומת", "פרסומות", "आगे पढ़ने के लिए विज्ञापन", "विज्ञापन", "广告",
        "廣告", "広告",
        "โฆษณา", "광고", "quảng cáo", "iklan", "διαφήμιση", "تبلیغات", "آگهی",
    ),
    "share-bar": (
        "share", "share this", "share this article", "share this story", "share this page",
        "share this post", "share on",
        "share on facebook", "share on twitter", "share on x", "share on linkedin", "share on whatsapp",
        "share via email",
        "share by email", "share link", "share full article", "tweet", "tweet this", "copy link", "link copied",
        "copied to clipboard", "email this article", "print this article", "print article", "save article", "follow us",
        "follow us on", "follow us on facebook", "follow us on twitter", "gift this article", "send to a friend",
        "teilen", "artikel teilen", "auf facebook teilen", "auf twitter teilen", "drucken", "partager",
        "partager l article",
        "compartir", "compartilhar", "condividi", "delen", "deel", "udostępnij", "paylaş", "del", "dela", "jaa",
        "поделиться", "поширити", "شارك", "مشاركة", "شارك المقال", "שתף", "שתפו", "שיתוף", "शेयर करें", "साझा करें",
        "分享", "分享到", "シェア", "シェアする", "ツイート", "แชร์", "공유", "공유하기", "اشتراک گذاری",
    ),
    "call-to-action": (
        "read more", "read also", "read the full story", "read full story", "read next",
        "continue reading", "keep reading",
        "learn more", "see more", "see also", "show more", "load more", "view more", "find out more",
        "more on this story",
        "more", "click here", "click here to read more", "subscribe", "subscribe now", "subscribe today", "sign up",
        "sign up now", "sign in", "log in", "register", "sign up for our newsletter", "subscribe to our newsletter",
        "newsletter", "related", "related articles", "related stories", "related news", "related posts",
        "related topics",
        "you may also like", "you might also like", "recommended", "recommended for you", "most read", "most popular",
        "trending", "trending now", "editors picks", "more from", "up next", "watch now", "listen to this article",
        "listen", "watch", "download the app", "get the app", "mehr lesen", "weiterlesen", "lesen sie auch",
        "mehr zum thema", "lire la suite", "lire aussi", "à lire aussi", "en savoir plus", "voir plus", "leer más",
        "lea también", "lee también", "seguir leyendo", "ver más", "leia mais", "leia também", "saiba mais",
        "leggi anche", "leggi di più", "leggi tutto", "continua a leggere", "lees meer", "lees ook", "lees verder",
        "czytaj więcej", "czytaj także", "czytaj też", "zobacz też", "devamını oku", "läs mer", "läs också", "les mer",
        "les også", "læs mere", "læs også", "lue lisää", "lue myös", "читать далее", "читайте также", "читайте також",
        "читати далі", "подробнее", "اقرأ أيضا", "اقرأ أيضًا", "اقرأ المزيد", "المزيد", "קרא עוד",
        "קראו עוד", "קראו גם",
        "לקריאה נוספת", "और पढ़ें", "यह भी पढ़ें", "ये भी पढ़ें", "阅读更多", "閱讀更多", "阅读全文", "閱讀全文",
        "更多",
        "延伸阅读", "延伸閱讀", "相关阅读", "相關閱讀", "続きを読む", "もっと見る", "関連記事", "あわせて読みたい",
        "อ่านต่อ", "อ่านเพิ่มเติม", "ข่าวที่เกี่ยวข้อง", "더 보기", "더보기", "관련 기사", "بیشتر بخوانید",
        "ادامه مطلب",
        "xem thêm", "đọc thêm", "baca juga", "baca selengkapnya", "διαβάστε επίσης", "διαβάστε περισσότερα",
    ),
    "page-control": (
        "skip to content", "skip to main content", "skip to navigation", "skip to footer", "skip advertisement",
        "accessibility links", "jump to content", "back to top", "return to top", "top", "menu",
        "search", "close", "home",
        "toggle navigation", "open menu", "close menu", "previous", "next", "previous article", "next article",
        "previous post", "next post", "loading", "loading comments", "comments", "comment", "leave a comment",
        "view comments", "show comments", "post a comment", "no comments", "add a comment", "reply", "report", "print",
        "play", "pause", "play video", "video", "mute", "unmute", "fullscreen", "enlarge", "enlarge image",
        "this video can not be played", "image source", "image caption", "getty images", "zum inhalt springen",
        "zum hauptinhalt springen", "kommentare", "nach oben", "aller au contenu", "commentaires", "ir al contenido",
        "comentarios", "comentários", "commenti", "vai al contenuto", "naar hoofdinhoud", "komentarze", "yorumlar",
        "комментарии", "коментарі", "التعليقات", "تعليقات", "תגובות", "टिप्पणियाँ", "评论", "評論", "コメント",
        "ความคิดเห็น",
        "댓글",
    ),
    "consent": (
        "accept", "accept all", "accept all cookies", "accept cookies", "reject all", "manage cookies",
        "cookie settings",
        "cookie policy", "privacy policy", "privacy settings", "manage preferences", "alle akzeptieren",
        "cookie einstellungen", "tout accepter", "aceptar", "accetta",
    ),
}  # fmt: skip
_KINDS = {fold(line): kind for kind, lines in _LINES.items() for line in lines}

# Calls that carry a headline behind them: "Read more: …", "ALSO READ | …".
_CALLS = (
    "read more|read also|also read|read next|see also|related|more on this|recommended|must read|"
    "watch|lesen sie auch|"
    "lesen sie mehr|mehr dazu|lire aussi|à lire aussi|lea también|lee también|le puede interesar|"
    "leia também|leia mais|"
    "leggi anche|lees ook|czytaj także|czytaj też|czytaj więcej|läs också|läs mer|les også|læs også|lue myös|"
    "читайте также|читайте також|читать также|اقرأ أيضا|اقرأ أيضًا|קראו עוד|קראו גם|यह भी पढ़ें|ये भी पढ़ें|और पढ़ें|"
    "阅读更多|延伸阅读|延伸閱讀|相关阅读|関連記事|あわせて読みたい|อ่านเพิ่มเติม|ข่าวที่เกี่ยวข้อง|관련 기사|"
    "بیشتر بخوانید|baca juga|xem thêm"
)
_CALL = re.compile(rf"(?:{_CALLS})\s*[:：|>»–-]", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés)",
    re.IGNORECASE,
)
# Of ASCII the first characters that either may have, so that few lines are asked about each.
_LEADS = frozenset("(cCaAtT") | {case for call in _CALLS.split("|") for case in (call[0], call[0].upper())}
_READING_TIME = re.compile(
    r"(?:reading time|read time|lesedauer|lesezeit|temps de lecture|tiempo de lectura|tempo di lettura|"
    r"tempo de leitura)?"
    r"\s*:?\s*\d{1,3}\s*[-–]?\s*(?:min(?:ute)?s?|minuten|minutos|minuti|mins?\.?|分钟|分鐘|分)\.?\s*"
    r"(?:read|reading|lesezeit|de lecture|de lectura|di lettura|de leitura)?",
    re.IGNORECASE,
)
_VIEWS = re.compile(
    r"\d[\d.,\u00a0\u202f ]*[kKmM]?\s*(?:views?|reads|times read|aufrufe|mal gelesen|vues|lectures|visitas|vistas|"
    r"lecturas|visualizzazioni|visualizações|weergaven|wyświetleń|odsłon|görüntülenme|visningar|просмотр\w*|перегляд\w*|"
    r"مشاهدة|مشاهدات|צפיות|次阅读|次閱讀|阅读|浏览|回閲覧|ビュー|ครั้ง|조회|बार पढ़ा गया|व्यूज़?)",
    re.IGNORECASE,
)


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
