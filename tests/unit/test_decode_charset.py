"""Bytes to text: who is believed when header, mark, meta and the bytes themselves disagree."""

import time

import pytest
from webencodings import lookup

from broadsheet.decode import decode
from broadsheet.decode.charset import to_text
from broadsheet.decode.detection import detected
from broadsheet.options import Limits
from broadsheet.values import RawPage

SAMPLES = {
    "windows-1252": "Le bac est de retour dès lundi, a annoncé la capitainerie à l’aube. Où étiez-vous cet été ?",
    "iso-8859-2": "Prom wraca w poniedziałek, ogłosił kapitanat portu. Podróżni czekali na tę wieść całą zimę.",
    "windows-1250": "Přívoz jezdí znovu od pondělí, řekl přístavní úřad. Žádné další zpoždění už nehrozí, dodal šéf.",
    "windows-1251": "Паром между двумя берегами снова ходит с понедельника, сообщили в управлении порта.",
    "koi8-u": "Пором між двома берегами знову ходить з понеділка, повідомили в управлінні порту, їхні слова.",
    "windows-1253": "Το πορθμείο λειτουργεί ξανά από τη Δευτέρα, ανακοίνωσε το λιμεναρχείο της πόλης.",
    "windows-1254": "Vapur pazartesi gününden itibaren yeniden çalışıyor, dedi liman idaresi. Yolcular şaşırdı.",
    "windows-1255": "המעבורת תחזור לפעול ביום שני, כך מסר משרד הנמל בעיר החוף הקטנה.",
    "windows-1256": "ستعود العبارة إلى العمل ابتداء من يوم الاثنين، كما أعلن مكتب الميناء في المدينة.",
    "windows-874": "เรือข้ามฟากจะกลับมาให้บริการอีกครั้งตั้งแต่วันจันทร์ สำนักงานท่าเรือแจ้ง",
    "shift_jis": "渡し船は月曜日から運航を再開すると港の事務所が発表した。乗客は北の桟橋を使う。",
    "euc-jp": "渡し船は月曜日から運航を再開すると港の事務所が発表した。乗客は北の桟橋を使う。",
    "euc-kr": "나룻배가 월요일부터 다시 운항한다고 항만 사무소가 밝혔다. 승객은 북쪽 부두를 이용한다.",
    "gb18030": "渡轮将于周一恢复运营，港口办公室周三宣布。新桥完工之前，乘客须使用北侧码头。",
    "big5": "渡輪將於週一恢復營運，港口辦公室週三宣布。新橋完工之前，乘客須使用北側碼頭。",
}


def encoded(text: str, name: str) -> bytes:
    return bytes(lookup(name).codec_info.encode(text, "strict")[0])


def page(text: str, meta: str | None = None) -> str:
    head = f'<meta charset="{meta}">' if meta else ""
    return f"<!doctype html><html><head>{head}<title>{text[:20]}</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_declared_by_header(name: str) -> None:
    text = page(SAMPLES[name])
    assert to_text(encoded(text, name), [name])[:2] == (text, name)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_declared_by_meta(name: str) -> None:
    text = page(SAMPLES[name], meta=name)
    assert to_text(encoded(text, name), [])[:2] == (text, name)


@pytest.mark.parametrize("name", sorted(SAMPLES))
@pytest.mark.parametrize("wrong", ["utf-8", "no-such-charset", "us-ascii"])
def test_wrongly_declared_is_detected(name: str, wrong: str) -> None:
    text = page(SAMPLES[name])
    assert to_text(encoded(text, name), [wrong])[0] == text


@pytest.mark.parametrize("name", sorted(SAMPLES))
@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "windows-1251", "shift_jis", "utf-16"])
def test_utf_8_is_utf_8_whatever_was_declared(name: str, declared: str) -> None:
    text = page(SAMPLES[name], meta=declared)
    assert to_text(text.encode(), [declared])[:2] == (text, "utf-8")


def test_the_header_goes_before_the_meta() -> None:
    text = page(SAMPLES["koi8-u"], meta="windows-1251")
    assert to_text(encoded(text, "koi8-u"), ["koi8-u"])[:2] == (text, "koi8-u")


def test_a_default_of_servers_gives_way_to_the_meta_where_the_script_is_not_latin() -> None:
    text = page(SAMPLES["koi8-u"], meta="koi8-u")
    assert to_text(encoded(text, "koi8-u"), ["iso-8859-1"])[:2] == (text, "koi8-u")


@pytest.mark.parametrize(("mark", "name"), [("utf-8-sig", "utf-8"), ("utf-16", "utf-16le"), ("utf-32", "utf-32le")])
def test_a_mark_goes_before_all(mark: str, name: str) -> None:
    text = page(SAMPLES["windows-1251"], meta="windows-1251")
    assert to_text(text.encode(mark), ["koi8-r"])[:2] == (text, name)


@pytest.mark.parametrize("name", ["utf-16le", "utf-16be"])
def test_utf_16_without_a_mark(name: str) -> None:
    text = page(SAMPLES["windows-1251"])
    assert to_text(text.encode(name), [])[:2] == (text, name)


def test_stray_nulls_are_not_utf_16() -> None:
    text = page(SAMPLES["windows-1251"])
    assert to_text(text.replace("<p>", "<p>\0").encode(), [])[0] == text.replace("<p>", "<p>\0")


def test_iso_2022_jp_is_seen_though_its_bytes_are_ascii() -> None:
    text = page(SAMPLES["shift_jis"])
    assert to_text(text.encode("iso-2022-jp"), [])[:2] == (text, "iso-2022-jp")


def test_utf_16_in_a_meta_means_utf_8() -> None:
    text = page("Größe", meta="utf-16")
    assert to_text(text.encode(), [])[:2] == (text, "utf-8")


def test_a_meta_in_a_comment_is_none() -> None:
    text = '<!-- <meta charset="shift_jis"> --><meta charset="windows-1251"><p>Паром</p>'
    assert to_text(encoded(text, "windows-1251"), [])[:2] == (text, "windows-1251")


def test_an_xml_declaration_names_the_charset() -> None:
    text = '<?xml version="1.0" encoding="koi8-r"?><html><p>Паром</p></html>'
    assert to_text(encoded(text, "koi8-r"), [])[:2] == (text, "koi8-r")


def test_damaged_utf_8_stays_utf_8() -> None:
    data = page(SAMPLES["windows-1251"]).encode()
    broken = data.replace("снова".encode(), b"\xd1\xff\xd0")
    text, name, _ = to_text(broken, ["utf-8"])
    assert name == "utf-8"
    assert "Паром между двумя берегами" in text
    assert text.count("\ufffd") == 3


def test_utf_8_cut_within_a_character() -> None:
    assert to_text("<p>The café".encode()[:-1], [])[:2] == ("<p>The caf\ufffd", "utf-8")


@pytest.mark.parametrize(
    ("value", "text", "kept"),
    [
        ("<p>The café “Nord”".encode(), "<p>The café “Nord”", True),
        ("<p>an honest \ufffd".encode(), "<p>an honest \ufffd", True),
        (b'{"url": null, "body": "<p>The caf\\u00e9"}', "<p>The café", True),
        ("\ufeff<p>The café".encode(), "<p>The café", False),
        (b'{"url": null, "body": "\\ufeff<p>The caf\\u00e9"}', "<p>The café", False),
        ("<p>The c\0afé".encode(), "<p>The café", False),
        (b'{"url": null, "body": "<p>The c\\u0000af\\u00e9"}', "<p>The café", False),
        ("<p>The café".encode()[:-1], "<p>The caf\ufffd", False),
        ("<p>The café, où, été".encode("latin-1"), "<p>The café, où, été", False),
    ],
)
def test_bytes_that_are_the_texts_utf_8_are_kept_beside_it(value: bytes, text: str, kept: bool) -> None:
    page = decode(RawPage(value), Limits())
    assert page.text == text
    assert page.utf8 == (text.encode() if kept else None)


def test_windows_1252_with_its_undefined_bytes_is_still_read() -> None:
    text, name, _ = to_text(b"<p>caf\xe9 \x81 na\xefve, d\xe9j\xe0 vu</p>", ["iso-8859-1"])
    assert name == "windows-1252"
    assert "café" in text


def test_the_top_level_domain_helps_with_little_text() -> None:
    data = encoded("żona, łąka", "iso-8859-2")
    assert detected(data, "https://gazeta.example.pl/x") == "iso-8859-2"


@pytest.mark.parametrize(
    "data",
    [b"<" * 400_000 + b"\xe9", b"<script" * 60_000 + b"\xe9", b"a" * 2_000_000 + b"\xe9", b"\xe9<meta " * 150_000],
    ids=["angles", "scripts", "one-line", "metas"],
)
def test_hostile_bytes_cost_no_more_than_their_length(data: bytes) -> None:
    started = time.process_time()
    to_text(data, [])
    assert time.process_time() - started < 5, "worse than linear: a linear pass takes milliseconds"
