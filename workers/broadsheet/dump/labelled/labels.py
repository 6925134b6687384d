"""The labels that archives and mails put before a story's fields; the lines with which their documents begin or end.

Gathered from what the services and their users publish of their own formats: Nexis, Factiva, ProQuest, Europresse,
EBSCO, and mail headers as programs print them. A label stands alone on its line, or before its value and a colon;
Factiva's codes stand before blanks.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

LONGEST_LABEL = 40
LONGEST_END = 12

_FIELDS = {
    "headline": "headline; title; document title; hd; subject; betreff; objet; asunto; oggetto; onderwerp; "
    "titel; titre; "
    "título; titolo; überschrift; schlagzeile; заголовок; тема; 标题; 标 题; 題名",
    "authors": "byline; author; authors; by; auteur; auteurs; autor; autoren; autores; autore; verfasser; "
    "written by; "
    "автор; 作者; 著者",
    "published": "date; pd; publication date; pub date; published; publication-date; datum; fecha; data; "
    "gesendet; sent; "
    "envoyé; enviado; date de publication; дата; 日期; 发表日期; 掲載日",
    "section": "section; se; rubrik; rubrique; sección; ressort; seção; sezione; sectie; рубрика; 版名",
    "site": "sn; source; publication; publication title; journal; newspaper; quelle; zeitung; medium; "
    "periódico; fuente; "
    "source name; источник; 来源; 報紙",
    "keywords": "keywords; schlagwörter; mots-clés; palabras clave",
    "body": "body; full text; fulltext; text; lp; td; volltext; texte intégral; texto completo; testo; 正文; 全文",
    "dateline": "dateline; ortsmarke",
    "": "length; load-date; load date; language; language of publication; la; publication-type; publication type; "
    "document-type; document type; source type; graphic; graphics; highlight; wc; sc; pg; page; pages; ed; vol; "
    "cy; co; "
    "in; ns; re; ipd; ipc; pub; an; rf; clm; ct; cx; ca; de; art; copyright; copyright notice; links; abstract; "
    "location; "
    "publication info; publication year; publisher; place of publication; country of publication; issn; proquest "
    "document id; document id; document url; database; last updated; classification; people; company; company / "
    "organization; organization; geographic; industry; ticker; city; state; country; subjects; credit; column; "
    "correction-date; notes; type; series; distribution; journal-code; acc-no; url; from; to; cc; bcc; "
    "reply-to; von; "
    "an; de; à; para; mime-version; content-type; message-id; list-unsubscribe; länge; longueur; sprache; langue; "
    "idioma; seite; page(s); ausgabe; référence du document; accession number; update code; end of document; "
    "search terms; number of documents; project id; terms; send to; time of request; download request; "
    "publication subject; publication frequency; identifier / keyword; document feature; isbn; edition; issue; "
    "volume; "
    "字数; 版次; 导语",
}
FIELD_OF: Mapping[str, str] = {
    label.strip(): field for field, labels in _FIELDS.items() for label in labels.split(";") if label.strip()
}
"""Labels, folded to small letters, and the field of the story that each tells; "" for those that tell none."""

CODES = frozenset(
    [
        "HD",
        "BY",
        "CR",
        "WC",
        "PD",
        "ET",
        "SN",
        "SC",
        "ED",
        "PG",
        "LA",
        "CY",
        "LP",
        "TD",
        "CO",
        "IN",
        "NS",
        "RE",
        "IPD",
        "IPC",
        "PUB",
        "AN",
        "SE",
        "VOL",
        "RF",
        "CLM",
        "ART",
        "CT",
        "CX",
        "CA",
        "DE",
    ]
)
"""Labels that are codes in capitals: no colon follows, but blanks, or the line's end."""

_LABELLED = re.compile(r"([^\W\d_][\w /().-]{0,39}?) ?[:：](?: (\S.*)|$)")
_CODED = re.compile(r"([A-Z]{2,3})(?: {1,4}(\S.*)|$)")
_ROW = re.compile(r"[\W_]{8,400}")
_COUNTED = re.compile(
    r"(?:\d{1,5} (?:of|von|de|di|van|из|sur) \d{1,5} (?:documents?|dokumente|documenti|documentos|articles?|results?)"
    r"|(?:documents?|dokument|documento|article|artikel|artículo|item|result|story|text|документ|статья)"
    r" (?:no\.? ?)?#?\d{1,5}(?: ?(?:of|von|de|di|van|/|из|sur) ?\d{1,5})?"
    r"|第 ?\d{1,5} ?[篇条件](?: ?/ ?\d{1,5})?)[.:]?",
    re.IGNORECASE,
)
_FILED = re.compile(
    r"(?i:end of document|fin du document|ende des dokuments|fin del documento)"
    r"|Document [A-Z]{2,12}0{2,4}20\d{6}[a-z\d]{6,14}"
)
"""The last line of a document of an archive: its accession number, or that it ends."""
_ENDED = re.compile(
    r"[(\[]?-{0,2} ?(?:ends?|ende|fin|fine|fim|konec|конец) ?-{0,2}[)\]]?"
    r"|-{1,2} ?(?:30|0) ?-{1,2}|\#{3,5}|（完）|（了）",
    re.IGNORECASE,
)


class Labelled(NamedTuple):
    """A label on its line: the field it tells ("" for none of ours), and the value behind it ("" where none)."""

    field: str
    value: str


def read_label(text: str) -> Labelled | None:
    """The label that a line begins with, if it is a known one."""
    if ":" not in text[: LONGEST_LABEL + 2] and "：" not in text[: LONGEST_LABEL + 2] and not text[:2].isupper():
        bare = len(text) <= LONGEST_LABEL and FIELD_OF.get(text.lower()) == "body"
        return Labelled("body", "") if bare else None
    coded = _CODED.match(text)
    if coded and coded[1] in CODES:
        return Labelled(FIELD_OF.get(coded[1].lower(), ""), coded[2] or "")
    match = _LABELLED.match(text)
    if match:
        field = FIELD_OF.get(match[1].strip().lower())
        return None if field is None else Labelled(field, match[2] or "")
    return None


def is_row(text: str) -> bool:
    """Whether a line is a row of the same few signs: dashes, stars, underscores."""
    return _ROW.fullmatch(text) is not None and len(set(text) - {" "}) <= 2


def opens_document(text: str) -> bool:
    """Whether a line counts documents: "3 of 20 DOCUMENTS", "Document 3 of 20"."""
    return len(text) <= 60 and _COUNTED.fullmatch(text) is not None


def files_document(text: str) -> bool:
    """Whether a line is the last one of a document as an archive ends it."""
    return len(text) <= 60 and _FILED.fullmatch(text) is not None


def ends_document(text: str) -> bool:
    """Whether a line says that a document, or a wire's take, ends there."""
    return files_document(text) or (len(text) <= LONGEST_END and _ENDED.fullmatch(text) is not None)
