"""What the names on elements hint at: class, id, role and itemprop words mapped to a bit mask.

Soft evidence only. Such names often stand on wrappers of the whole article, so dropping by them outright loses a
quarter of the text; the block model weighs them instead. Words are generic vocabulary of web templates, in the
languages templates are written in; no name of a single site. Vendors of consent dialogs are named because their
scripts put the same dialog on many sites.
"""

from collections.abc import Iterable

import numpy as np

from broadsheet.native.names import Names

_GROUPS: dict[str, str] = {
    "article": "article story post entry artikel articulo beitrag blogpost newsarticle hentry articlebody storybody",
    "content": "content body main text prose richtext wysiwyg copy inhalt contenido contenu texto paragraph txt",
    "nav": "nav navigation menu breadcrumb breadcrumbs navbar topbar submenu toolbar tabs tab pagination pager paging",
    "footer": "footer foot colophon legal copyright imprint bottom",
    "header": "header masthead banner top topbar hero head",
    "side": "sidebar aside side rail secondary complementary column marginal",
    "related": "related recommended recommendation recommendations more similar also trending popular latest mostread "
    "suggested further next previous prev outbrain taboola recirc recirculation readmore morestories upnext weitere "
    "verwandt relacionados similares recommande headlines feed",
    "list": "list listing items grid collection archive teasers river carousel slider slick swiper",
    "card": "card teaser tile promo item thumb thumbnail box module",
    "comment": "comment comments disqus reply replies discussion respond kommentar kommentare comentario comentarios "
    "commentaire commentaires thread review reviews reactions",
    "share": "share sharing social facebook twitter whatsapp linkedin addthis sharedaddy bookmark follow teilen "
    "compartir partager pinterest telegram",
    "ad": "ad ads advert advertisement advertising adslot sponsor sponsored dfp gpt anzeige werbung publicidad "
    "publicite promoted affiliate commercial",
    "cta": "cta newsletter subscribe subscription signup donate donation register registration optin lead "
    "leadgen premium paywall offer subscribers membership abo abonnement download callout upsell",
    "author": "author byline bio autor auteur writer contributor profile avatar by credit credits reporter about",
    "meta": "meta date time timestamp published info dateline pubdate datum fecha category categories kicker eyebrow "
    "readtime details",
    "tags": "tag tags topics topic keywords labels chips",
    "caption": "caption figcaption legend bildunterschrift legende figure wpcaption",
    "media": "image img photo picture gallery video player media audio podcast embed slideshow lightbox",
    "title": "title headline heading hed titel titulo titre",
    "lead": "lead lede standfirst dek deck subtitle subheadline summary intro excerpt teasertext abstract sapo "
    "description",
    "hidden": "hidden hide invisible sr visuallyhidden screenreader collapsed offscreen noprint accessibility skip",
    "consent": "cookie cookies consent gdpr ccpa privacy onetrust ot didomi usercentrics cookiebot cybotcookiebot "
    "quantcast qc cmp sourcepoint iubenda cookieyes cky complianz cmplz borlabs termly osano truste trustarc klaro",
    "dialog": "modal dialog popup overlay lightbox drawer flyout tooltip toast notice alert snackbar",
    "quote": "quote blockquote pullquote pull testimonial cite zitat quotation",
    "table": "table chart data stats infobox specs score scores",
    "form": "form search login signin account password input field button btn newsletterform contact checkout cart",
    "note": "note notes footnote footnotes disclaimer disclosure correction editor endnote references citation sources "
    "license boilerplate",
    "toc": "toc contents outline jump anchor index summarylist",
    "product": "product price shop store buy pricing sku rating",
    "live": "live liveblog ticker update updates timeline",
    "forum": "forum question answer answers topic user message messages posts",
    "faq": "faq accordion questions qa toggle",
    "widget": "widget block plugin sidebarwidget sticky",
    "print": "print email mail listen fontsize resize tools utility",
    "error": "error notfound",
}

BITS: dict[str, int] = {name: 1 << i for i, name in enumerate(_GROUPS)}
"""The bit of each group, in a fixed order: the model's columns follow it."""

UNSEEN = 1 << len(BITS)
"""The bit of an element that the page keeps from sight by an attribute, a style, or a class that many sites share; no
column of the model's."""

_WORDS: dict[str, int] = {}
for _name, _list in _GROUPS.items():
    for _word in _list.split():
        _WORDS[_word] = _WORDS.get(_word, 0) | BITS[_name]

for _word in list(_WORDS):
    _WORDS.setdefault(f"{_word}s", _WORDS[_word])

NAME_CHARS = 300
"""Generated class strings run to kilobytes; what they hint at stands at the start."""
_LETTERS = bytes(c if c in b"abcdefghijklmnopqrstuvwxyz\0" else 32 for c in bytes(range(256)).lower())
"""ASCII letters in lower case and the null that parts names as they are, everything else a blank."""
_UPPER, _LOWER = 1, 2
_CASES = np.zeros(256, dtype=np.uint8)
_CASES[ord("A") : ord("Z") + 1] = _UPPER
_CASES[ord("a") : ord("z") + 1] = _LOWER


def name_words(names: str) -> tuple[str, ...]:
    """The single words of `names`, lower case, in order, each once."""
    (words,) = words_of_names([names])
    return tuple(dict.fromkeys(words))


def words_of_names(names: Iterable[str]) -> list[list[str]]:
    """The words of each of `names`, as `name_words` but repeated where they are, and a page's hundreds all at once."""
    cut = [name[:NAME_CHARS].replace("\0", " ") for name in names]
    letters = _humps_parted("\0".join(cut).encode("ascii", "replace")).translate(_LETTERS).decode("ascii")
    return [words.split() for words in letters.split("\0")] if cut else []


def _humps_parted(text: bytes) -> bytes:
    """A blank before each word that a capital begins, as in camelCase and HTMLParser."""
    if text.islower() or len(text) < 2:
        return text
    case = _CASES[np.frombuffer(text, dtype=np.uint8)]
    last, here, after = case[:-1], case[1:], np.append(case[2:], 0)
    humps = (here == _UPPER) & ((last == _LOWER) | ((last == _UPPER) & (after == _LOWER)))
    return np.insert(np.frombuffer(text, dtype=np.uint8), np.flatnonzero(humps) + 1, 32).tobytes()


_TABLE = Names(_WORDS, NAME_CHARS)


def masks_of(names: list[str]) -> list[int]:
    """The bit mask of each of `names` (class, id, role and itemprop joined by blanks)."""
    return _TABLE.masks(names)
