"""Month names of the languages of the news, folded: what a date in a page's text is read with."""

import re
from collections.abc import Iterable

_NAMES = {
    1: "january jan januar jänner januari janvier janv enero ene janeiro gennaio gen styczeń stycznia "
    "sty ocak leden ledna "
    "január ianuarie januára siječnja tammikuu tammikuuta января январь янв січня січень يناير "
    "كانون_الثاني ינואר जनवरी "
    "มกราคม ม.ค. ιανουαρίου ژانویه",
    2: "february feb februar februari février févr febrero fevereiro fev febbraio luty lutego lut şubat "
    "únor února február "
    "februarie veljače helmikuu helmikuuta февраля февраль фев лютого лютий فبراير شباط פברואר फरवरी "
    "फ़रवरी กุมภาพันธ์ ก.พ. "
    "φεβρουαρίου fév",
    3: "march mar märz mrz maart mars marzo março marco marzec marca mart březen března március martie "
    "ožujka maaliskuu "
    "maaliskuuta марта март мар березня березень مارس آذار מרץ מרס मार्च มีนาคม มี.ค. μαρτίου",
    4: "april apr avril avr abril abr aprile kwiecień kwietnia kwi nisan duben dubna április aprilie "
    "travnja huhtikuu "
    "huhtikuuta апреля апрель апр квітня квітень أبريل ابريل إبريل نيسان אפריל अप्रैल เมษายน เม.ย. "
    "απριλίου",
    5: "may mai mei mayo maio maggio mag maj maja mayıs květen května május svibnja toukokuu toukokuuta "
    "мая май травня "
    "травень مايو أيار מאי मई พฤษภาคม พ.ค. μαΐου",
    6: "june jun juni juin junio junho giugno giu czerwiec czerwca cze haziran červen června június "
    "iunie lipnja kesäkuu "
    "kesäkuuta июня июнь июн червня червень يونيو حزيران יוני जून มิถุนายน มิ.ย. ιουνίου",
    7: "july jul juli juillet juil julio julho luglio lug lipiec lipca lip temmuz červenec července "
    "július iulie srpnja "
    "heinäkuu heinäkuuta июля июль июл липня липень يوليو تموز יולי जुलाई กรกฎาคม ก.ค. ιουλίου",
    8: "august aug augustus août aout agosto ago sierpień sierpnia sie ağustos srpen srpna augusztus "
    "kolovoza elokuu "
    "elokuuta августа август авг серпня серпень أغسطس اغسطس آب אוגוסט अगस्त สิงหาคม ส.ค. αυγούστου augusti",
    9: "september sep sept septembre septiembre setiembre setembro set settembre wrzesień września wrz "
    "eylül září "
    "szeptember septembrie rujna syyskuu syyskuuta сентября сентябрь сен сент вересня вересень سبتمبر "
    "أيلول ספטמבר सितंबर "
    "सितम्बर กันยายน ก.ย. σεπτεμβρίου",
    10: "october oct oktober okt octobre octubre outubro out ottobre ott październik października paź "
    "ekim říjen října "
    "október octombrie listopada lokakuu lokakuuta октября октябрь окт жовтня жовтень أكتوبر اكتوبر "
    "تشرين_الأول אוקטובר "
    "अक्टूबर अक्तूबर ตุลาคม ต.ค. οκτωβρίου",
    11: "november nov novembre noviembre novembro listopad kasım studenoga marraskuu marraskuuta ноября "
    "ноябрь ноя "
    "листопада листопад نوفمبر تشرين_الثاني נובמבר नवंबर नवम्बर พฤศจิกายน พ.ย. νοεμβρίου noiembrie",
    12: "december dec dezember dez décembre déc diciembre dic dezembro dicembre grudzień grudnia gru "
    "aralık prosinec "
    "prosince decembrie prosinca joulukuu joulukuuta декабря декабрь дек грудня грудень ديسمبر "
    "كانون_الأول דצמבר दिसंबर दिसम्बर "
    "ธันวาคม ธ.ค. δεκεμβρίου desember",
}
MONTHS = {name.strip(".").replace("_", " "): month for month, names in _NAMES.items() for name in names.split()}
"""Folded month name to its number. A name that two languages give to different months (Croatian and Polish or Czech
"listopad") goes to the one with more readers."""


def one_of(words: Iterable[str]) -> str:
    """A pattern that matches any of `words`, the longest that fits: what they begin with alike is tried once.

    Several times faster than the plain list, which a search would go through at every place.
    """
    tails: dict[str, list[str]] = {}
    for word in dict.fromkeys(words):
        tails.setdefault(word[:1], []).append(word[1:])
    ends = bool(tails.pop("", None))
    parts = [re.escape(first) + one_of(rest) for first, rest in tails.items()]
    if not parts:
        return ""
    return f"(?:{'|'.join(parts)}){'?' if ends else ''}" if len(parts) > 1 or ends else parts[0]
