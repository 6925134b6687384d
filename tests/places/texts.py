"""Fictional news in thirteen scripts, a place in square brackets with its country: [Oslo|NO]. All else names none."""

import re

TEXTS = {
    "latin": (
        "In [Lisbon|PT] a ferry left the quay at seven. "
        "Ada Quill, who was born in [Bergen|NO], saw it "
        'go. "It was for [Porto|PT]," she said. Officials '
        "from [Norway|NO] and [Kenya|KE] met Paris Miller, "
        "a teacher, on Monday."
    ),
    "german": (
        "Die Fähre aus [Göteborg|SE] kam in [Kiel|DE] an. "
        "Frau Weber fuhr weiter nach [München|DE], ihr "
        "Bruder blieb in [Österreich|AT]. Am Montag war "
        "der Hafen geschlossen."
    ),
    "cyrillic": (
        "Паром вышел из [Риги|LV] в семь часов. Капитан "
        "Пётр Лесной сказал, что в [Москве|RU] шёл дождь, "
        "а в [Казани|RU] было сухо. Груз шёл в "
        "[Финляндию|FI] и [Турцию|TR]."
    ),
    "greek": (
        "Το πλοίο έφυγε από την [Αθήνα|GR] στις επτά. Ο "
        "καπετάνιος είπε ότι θα φτάσει στη [Γερμανία|DE] "
        "και μετά στη [Γαλλία|FR]."
    ),
    "arabic": (
        "غادرت العبارة ميناء [بيروت|LB] في السابعة. وقال "
        "القبطان إنه سافر من [القاهرة|EG] إلى [بغداد|IQ] "
        "ثم عاد إلى [تركيا|TR]. لم يتأخر أحد على الرصيف."
    ),
    "hebrew": (
        "המעבורת יצאה מנמל [חיפה|IL] בשבע בבוקר. הקברניט "
        "אמר שהגיע מ[יוון|GR] ושהוא נוסע אל [ירושלים|IL]. "
        "איש לא נשאר על הרציף."
    ),
    "devanagari": (
        "नाव सुबह सात बजे [मुंबई|IN] से चली। कप्तान ने कहा कि वह [दिल्ली|IN] से आया था और [नेपाल|NP] जाएगा। घाट पर कोई नहीं छूटा।"
    ),
    "bengali": ("ফেরিটি সকাল সাতটায় [ঢাকা|BD] থেকে ছেড়ে গেল। নাবিক বললেন তিনি [কলকাতা|IN] থেকে এসেছেন এবং [নেপাল|NP] যাবেন।"),
    "tamil": ("படகு காலை ஏழு மணிக்கு [சென்னை|IN] துறைமுகத்தை விட்டது. மாலுமி [இந்தியா|IN] மற்றும் [இலங்கை|LK] பற்றி பேசினார்."),
    "thai": ("เรือออกจาก[กรุงเทพมหานคร|TH]ตอนเจ็ดโมงเช้า กัปตันบอกว่าเขามาจาก[ญี่ปุ่น|JP]และจะไป[เชียงใหม่|TH]"),
    "chinese": (
        "渡轮七点离开[上海|CN]码头。船长说他从[日本|JP]来，明天去[北京|CN]，然后回[加拿大|CA]。没有人留在岸上。"
    ),
    "japanese": (
        ""
        "フェリーは七時に[大阪|JP]を出た。船長は[東京|JP]から来て、[フランス|FR]へ行くと話した"
        "。岸には誰も残らなかった。"
    ),
    "korean": (
        "여객선은 일곱 시에 [부산|KR]에서 떠났다. 선장은 [서울|KR]에서 왔고 "
        "[독일|DE]로 간다고 말했다. 부두에 남은 사람은 없었다."
    ),
    "georgian": ("ბორანი შვიდ საათზე გავიდა. კაპიტანმა თქვა, რომ [თბილისი|GE] და [თურქეთი|TR] ახლოსაა."),
}
_PLACE = re.compile(r"\[([^|\]]+)\|([A-Z]{2})\]")


def read(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without its marks, and the places in it: start, end, country."""
    marked = " ".join(marked.split())
    parts, places, done, length = [], [], 0, 0
    for match in _PLACE.finditer(marked):
        before = marked[done : match.start()]
        start = length + len(before)
        places.append((start, start + len(match[1]), match[2]))
        parts += [before, match[1]]
        length, done = start + len(match[1]), match.end()
    return "".join([*parts, marked[done:]]), places
