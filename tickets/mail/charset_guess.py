"""Which charset bytes are written in when nobody says so: the reading whose letters are likeliest in some language."""

import math
import re
from collections import Counter
from functools import lru_cache

# The letters of a language, the commonest first; that their order is right matters, their exact share does not.
_LETTERS = {
    "en": "etaoinshrdlcumwfgypbvkjxqz", "de": "enisratdhulcgmobwfkzvpüäßjöyxq",
    "nl": "enatirodslghvkmubpwjzcfxyqëéï", "fr": "esaitnrulodcpméqvfbghjàxyèêzwçûùkîôœïëâ",
    "es": "eaosrnidlctumpbgvyqhfzjóíáñéxúkwü", "it": "eaionlrtscdupmvghfbqzòàùìéèkwyxj",
    "pt": "aeosirndmutclpvgqhbfzjãçáéíóêxõâôàúkwy", "sv": "eanrtsildomkgväfhupåöbcyjxwzéq",
    "da": "enrtadislogkmfvuhbpåyæøcjzwxéq", "fi": "ainteslokuämvrjhypdögbfcåqwxz",
    "pl": "iaoezrwnctsykdpmulłbęgjóążśhćńźfvqx", "cs": "eoatnisrvdlkujpmíěáhzýcbyčéřžúšfgůňxťďóqw",
    "sk": "aoeintsrvlkdmcupzjbhyáíčéýžťúšľôďňgfóäĺŕxwq", "hu": "eatlsnkioárzégmvybdujhöőfpcíóüúűxqw",
    "ro": "eiarntulcosăpdmşţîvâgbfzhxjkqwyșț", "hr": "aioenrjtsuvkdmlpgzbčšhcžćđf",
    "tr": "aeinrlkdımyutsboüşzghçğcvpöfjâîûqwx", "lt": "iasotreunkmlpvdjgbyėšžąųcčįūzfęh",
    "lv": "aisetrunolkmpvādzīēbgcšļjņģhūžķčf", "et": "aeistlumnkdorvgpähõübjöfcšžz",
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфёъ", "uk": "оанивітеслкрудмпязьбгйчхцжюїєщшфґ",
    "bg": "аеоитнрсвлкдпмзуъябгчжщцйхшюфь", "sr": "аеионрстувдлкјпмзбгшчцљжњхћђџф",
    "el": "αεοιτσνηυρπκμλςθόίήδγχάφωξβέύώζψϊϋ", "he": "יוהלאמרתבשנכחקםפטעדסזצןגךףץ",
    "ar": "اليمنوتبركعدهفحقسجةشطخضصذثغىزءظأإؤئآ",
    "th": "านรกเงอมยลวดทสตะปบคหแจพชขใไผโถ่้ีิืัู์ำ็ึฟธซณฉษศญภฐฒฮฌฎฏฑฆฃ๊๋ๆฯุ",
}  # fmt: skip
_WESTERN, _CENTRAL = "en de nl fr es it pt sv da fi", "pl cs sk hu ro hr de"
_LANGUAGES = {
    "cp1252": _WESTERN, "iso8859-15": _WESTERN, "cp850": "de fr es", "mac-roman": "de fr es", "cp1250": _CENTRAL,
    "iso8859-2": _CENTRAL, "cp1254": "tr", "cp1257": "lt lv et", "cp1251": "ru uk bg sr", "koi8-r": "ru",
    "koi8-u": "uk", "iso8859-5": "ru bg sr", "cp866": "ru", "mac-cyrillic": "ru", "cp1253": "el", "iso8859-7": "el",
    "cp1255": "he", "cp1256": "ar", "cp874": "th",
}  # fmt: skip
_DOUBLE = ("cp932", "euc_jp", "gb18030", "cp950", "cp949")
_RARE = {"cp1252": 0.0, "iso8859-15": -1.5, "iso8859-2": -2.0, "cp866": -2.0, "mac-cyrillic": -3.0, "mac-roman": -4.0,
         "cp1257": -5.0, "cp850": -6.0}  # fmt: skip
_FIRST_ROWS = {"gb18030": (0xB0, 0xD7), "cp950": (0xA4, 0xC6), "cp932": (0x88, 0x97), "euc_jp": (0xB0, 0xCF)}

# Logarithms of likelihoods: of a language's letters by rank, of letters it lacks, of signs, and of what nobody writes.
_RANKED = [-math.log(rank + 2) - 1.0 for rank in range(80)]
_UNUSUAL, _FOREIGN, _SIGN, _NONSENSE = -4.0, -9.0, -5.5, -11.0
_KANA, _HAN, _HANGUL, _MARK, _RARE_PAIR = -4.5, -7.0, -6.5, -5.0, -14.0
_SIGNS = frozenset("«»“”„’‘–—…€°§¿¡·•©®™ºª´\xa0")
_CAPITAL_INSIDE = re.compile("[a-zà-öø-ÿа-яёα-ωљњћђџ][A-ZÀ-ÖØ-ÞА-ЯЁΑ-Ω]")
_TWO_SCRIPTS = re.compile("[a-zA-Z][\u0370-\u07ff\u0e00-\u0e7f]|[\u0370-\u07ff\u0e00-\u0e7f][a-zA-Z]")
_SIGN_INSIDE = re.compile(r"[^\W\d_][¡-¿×÷\u2010-\u25ff][^\W\d_]")
SAMPLE = 600


@lru_cache(maxsize=64)
def likeliest_codec(sample: bytes) -> str:
    """Return the codec in which the bytes read best; Windows-1252 when no other is better."""
    sample = sample[:SAMPLE]
    if sum(byte > 127 for byte in sample) < 3 and sum(_is_ascii_letter(byte) for byte in sample) < 3:
        return "cp1252"  # a sign and a number tell nothing
    scores = {codec: _score_letters(sample, codec) + _RARE.get(codec, -1.0) for codec in _LANGUAGES}
    if sum(byte > 127 for byte in sample) >= 4:
        scores |= {codec: _score_pairs(sample, codec) - 1.0 for codec in _DOUBLE}
    return max(scores, key=lambda codec: scores[codec])


def _is_ascii_letter(byte: int) -> bool:
    return 97 <= byte | 32 <= 122


def _score_letters(sample: bytes, codec: str) -> float:
    """Return how likely bytes are as letters of the language that suits them best."""
    text = sample.decode(codec, "replace")
    counts = Counter(text.lower())
    best = max(sum(_weigh(char, language) * n for char, n in counts.items()) for language in _LANGUAGES[codec].split())
    odd = sum(len(pattern.findall(text)) for pattern in (_CAPITAL_INSIDE, _TWO_SCRIPTS, _SIGN_INSIDE))
    return best - 4.0 * odd


@lru_cache(maxsize=10_000)
def _weigh(char: str, language: str) -> float:
    rank = _LETTERS[language].find(char)
    if rank >= 0:
        return _RANKED[rank]
    if not char.isalpha():
        return 0.0 if char.isascii() else _SIGN if char in _SIGNS else _NONSENSE
    return _UNUSUAL if char.isascii() and "a" in _LETTERS[language] else _FOREIGN


def _score_pairs(sample: bytes, codec: str) -> float:
    """Return how likely bytes are as a text of East Asia, where a sign takes two."""
    text = next((text for cut in range(3) if (text := _read(sample[: len(sample) - cut], codec)) is not None), None)
    if text is None:
        return -math.inf
    counts = Counter(text)
    total = sum(_weigh_pair(char, codec) * n for char, n in counts.items())
    if codec in ("cp932", "euc_jp") and not any("\u3040" <= char <= "\u30ff" for char in counts):
        total -= 2.0 * len(text)  # hardly anything is written in Japanese without a syllable
    return total


def _read(sample: bytes, codec: str) -> str | None:
    try:
        return sample.decode(codec)
    except UnicodeError:
        return None


@lru_cache(maxsize=10_000)
def _weigh_pair(char: str, codec: str) -> float:
    if char.isascii():
        return -3.3 if char.isalpha() else 0.0
    if char in "、。，！？：；「」（）ー　":
        return _MARK
    if "\u3040" <= char <= "\u30ff":
        return _KANA if codec in ("cp932", "euc_jp") else _RARE_PAIR
    pair = char.encode(codec)
    if "\uac00" <= char <= "\ud7a3":
        return _HANGUL if pair[0] >= 0xB0 and pair[-1] > 0xA0 else _RARE_PAIR
    first, last = _FIRST_ROWS.get(codec, (256, 256))
    if "\u4e00" <= char <= "\u9fff" and first <= pair[0] <= last:
        return _HAN
    return _RARE_PAIR
