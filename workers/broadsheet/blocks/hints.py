"""What the names on elements hint at: class, id, role and itemprop words mapped to a bit mask.

Soft evidence only. Such names often stand on wrappers of the whole article, so dropping by them outright loses a
quarter of the text; the block model weighs them instead. Words are generic vocabulary of web templates, in the
languages templates are written in; no name of a single site. Vendors of consent dialogs are named because their
scripts put the same dialog on many sites.
"""

import re
from functools import lru_cache

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

_WORDS: dict[str, int] = {}
for _name, _list in _GROUPS.items():
    for _word in _list.split():
        _WORDS[_word] = _WORDS.get(_word, 0) | BITS[_name]

for _word in list(_WORDS):
    _WORDS.setdefault(f"{_word}s", _WORDS[_word])

_LOWER_PARTS = re.compile("[a-z]+")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NAME_CHARS = 300
"""Generated class strings run to kilobytes; what they hint at stands at the start."""


@lru_cache(maxsize=8192)
def name_words(names: str) -> tuple[str, ...]:
    """The single words of `names`, lower case, in order, each once. Pure; the cache only saves time."""
    names = names[:_NAME_CHARS]
    if names.islower():
        return tuple(dict.fromkeys(_LOWER_PARTS.findall(names)))
    return tuple(dict.fromkeys([part.lower() for part in _PARTS.findall(names)]))


@lru_cache(maxsize=8192)
def hints(names: str) -> int:
    """The bit mask of `names` (class, id, role and itemprop joined by blanks). Pure, as `name_words` is."""
    mask = 0
    for word in name_words(names):
        if word in _WORDS:
            mask |= _WORDS[word]
    return mask
