"""Photo credits and news agencies: who is named at a caption's end.

The agencies are the world's larger wires and photo services, under the names they sign with.
"""

import re
from typing import NamedTuple

AGENCIES = (
    "Reuters", "AP", "Associated Press", "The Associated Press", "AFP", "Agence France-Presse", "dpa", "APA", "ANSA",
    "EFE", "Xinhua", "TASS", "Interfax", "RIA Novosti", "Kyodo", "Kyodo News", "Jiji", "Jiji Press", "Yonhap",
    "Bloomberg", "PA", "PA Media", "PA Wire", "Press Association", "UPI", "EPA", "EPA-EFE", "ANP", "Belga", "NTB",
    "Ritzau", "Ritzau Scanpix", "Scanpix", "STT", "Lehtikuva", "PAP", "CTK", "ČTK", "MTI", "Agerpres", "BTA", "Tanjug",
    "Ukrinform", "Anadolu", "Anadolu Agency", "SPA", "WAM", "KUNA", "Petra", "MENA", "IRNA", "ISNA", "Fars", "Tasnim",
    "PTI", "ANI", "IANS", "Antara", "Bernama", "AAP", "CNA", "CNS", "The Canadian Press", "Canadian Press", "Lusa",
    "Europa Press", "Agencia Brasil", "Agência Brasil", "Notimex", "Télam", "Keystone", "Keystone-SDA", "SDA", "sid",
    "epd", "KNA", "Getty", "Getty Images", "AFP/Getty Images", "Shutterstock", "iStock", "Alamy", "Imago",
    "picture alliance", "Zuma Press", "NurPhoto", "SIPA", "Sputnik", "رويترز", "أ ف ب", "فرانس برس", "د ب أ", "Рейтер",
    "ТАСС", "РИА Новости", "Интерфакс", "新华社", "新華社", "共同社", "共同通信", "時事通信", "路透社", "法新社",
    "ロイター", "연합뉴스", "รอยเตอร์", "רויטרס",
)  # fmt: skip
_AGENCY_NAMES = {name.casefold(): name for name in AGENCIES}

_PHOTO = (
    r"(?:photo(?:graph)?s?|picture|image|pic|credit|courtesy|file photo|foto|fotos|bild|bilder|crédits?|photographie|"
    r"imagen|imagem|immagine|zdjęcie|фото|صورة|الصورة|تصوير|צילום|תמונה|照片|图片|圖片|写真|撮影|ภาพ|फोटो|사진)"
)
_LABELLED = re.compile(
    rf"(?:^|[\s(\[|/–—.-])((?:{_PHOTO}(?:\s+(?:credit|by|courtesy of|via))*\s*[:：/]|{_PHOTO}\s+by\s|©|\(c\)\s)\s*"
    r"([^()\[\]]{2,80}?))[)\]]?\.?$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\s*[(\[（]([^()\[\]（）]{2,60})[)\]）]\s*\.?$")
_SPLIT = re.compile(r"\s*(?:/|\||,|;|•|·|\bvia\b|\bfor\b|\s[-–—]\s)\s*", re.IGNORECASE)
_LEAD = re.compile(rf"^(?:{_PHOTO}\s*+(?:by|:|：|/)?|by|©|\(c\))\s*", re.IGNORECASE)


_PLACES = frozenset({"File", "Left", "Right", "Centre", "Center", "Top", "Above", "Below", "Archive", "Updated"})
"""What captions put in closing brackets beside names."""
CREDIT_CHARS = 300
"""Characters at a caption's end within which its credit begins: names have 80 at most, what calls them so under 100."""


class Credited(NamedTuple):
    """A caption parted: what it says and who is named for the picture. Both are the caption's own words."""

    caption: str
    credit: str | None


def part_credit(caption: str) -> Credited:
    """Part a caption's closing credit from it: "(Reuters)", "Photo: A. Name", "© A. Name/AFP".

    A bracket is a credit if it names an agency, says that it is one, or holds a name after the caption's full stop:
    "(file)" and "(left)" stay.
    """
    near = max(0, len(caption) - CREDIT_CHARS)
    bracket = _BRACKETED.search(caption, near) if _bracketed(caption) else None
    if bracket and (_is_credit(bracket.group(1)) or _names_after_stop(caption[: bracket.start()], bracket.group(1))):
        return Credited(caption[: bracket.start()].strip(), _LEAD.sub("", bracket.group(1)).strip() or None)
    labelled = _LABELLED.search(caption, near) if _may_label(caption[near:]) else None
    if labelled and len(labelled.group(2).split()) <= 10:
        rest = caption[: labelled.start(1)].rstrip(" (|/–—-[")
        return Credited(rest, labelled.group(2).strip(" .") or None)
    return Credited(caption, None)


def _bracketed(caption: str) -> bool:
    """Whether a caption ends in a bracket, but for a full stop and white space: only then one is looked for."""
    return caption.rstrip().removesuffix(".").rstrip().endswith((")", "]", "）"))


def _may_label(caption: str) -> bool:
    """Whether a caption has one of the signs that a label has: only then one is looked for."""
    lower = caption.lower()
    return any(sign in lower for sign in (":", "/", "by", "©", "(c)", "："))


def _is_credit(bracketed: str) -> bool:
    return bool(agencies_in(bracketed)) or _LEAD.match(bracketed) is not None


def _names_after_stop(caption: str, bracketed: str) -> bool:
    """Whether a bracket after a full sentence holds one to four capitalised words, as a credit does."""
    names = re.split(r"[\s/]+", bracketed.strip())
    capital = all(name[:1].isupper() and not name[:1].isdigit() for name in names)
    return caption.rstrip().endswith((".", "!", "?", "。")) and capital and len(names) <= 4 and names[0] not in _PLACES


def agencies_in(text: str) -> tuple[str, ...]:
    """The agencies that `text` is made of, as usually spelt: ("AFP", "Getty Images") for "AFP via Getty Images"."""
    whole = _AGENCY_NAMES.get(text.strip(" .").casefold())
    if whole:
        return (whole,)
    found = (_AGENCY_NAMES.get(_LEAD.sub("", part).strip(" .()").casefold()) for part in _SPLIT.split(text))
    return tuple(dict.fromkeys(name for name in found if name))
