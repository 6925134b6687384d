"""A text tidied, as `broadsheet.native.text.tidy` does it."""

from broadsheet.text.tidy import _MISREAD, composed, tidied


def tidy(text: str) -> str:
    if _is_tidy(text):
        return text if text.isascii() else composed(text)
    return tidied(text)


def _is_tidy(text: str) -> bool:
    """Whether nothing needs to be done but to compose: most texts of most pages are told so at little cost.

    What is neither printable nor a blank (controls, marks of direction, joiners, surrogates, odd spaces) is none here.
    """
    return (
        text.isprintable()
        and "  " not in text
        and "&" not in text
        and text[:1] != " "
        and text[-1:] != " "
        and (text.isascii() or ("\ufffc" not in text and not _MISREAD.search(text)))
    )
