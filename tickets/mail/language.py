"""The language of a text, guessed from its script and its smallest words; empty when that is not clear."""

import re

_WORDS = {
    "en": "the and you is for with that this have not are was please your from can will it we thanks",
    "nl": "de het een en ik niet van dat is op te voor met zijn aan maar wij naar mijn graag",
    "de": "der die und ich nicht das ist mit ein eine für auf sie wir bitte den von habe zu auch",
    "fr": "le la les et je vous est pas une pour dans que avec sur mon merci nous des ne bonjour",
    "es": "el la los y que no en una por con para mi está gracias del hola pero como se usted",
    "it": "il di che non per una con sono mi del grazie della ho è ma alla buongiorno questo come vi",
    "pt": "o que não uma para com por meu está obrigado você os do da em como mas ao muito olá",
    "pl": "nie się jest na że do to proszę dla mam dzień jak mi ale czy po od za przez dobry",
    "sv": "och jag att det inte är på för med en har som till men den om min kan vi hej",
    "da": "og jeg at det ikke er på for med en har som til men den af min kan vi hej kære tak vil",
    "nb": "og jeg at det ikke er på for med en har som til men av min kan vi hei vennlig hilsen fra noe",
    "fi": "ja on ei en että se mutta olen kun minun voi hei kiitos mitä tämä ole niin kuin",
    "cs": "a je se na že to ne mám prosím dobrý den jsem pro ale jak si by děkuji který od",
    "tr": "ve bir bu için ile ben de da ne var değil merhaba ama çok olarak teşekkürler mi lütfen kadar daha",
    "vi": "tôi và không là của cho có được này với một đã xin chào bạn trong người những",
    "hu": "és a az nem hogy egy van vagy köszönöm kérem meg is ez már de csak jó napot",
    "ro": "și nu este pentru cu care mai din sunt vă mulțumesc bună un o la am dar",
    "uk": "і не що на я це як до ви у за та але мені дякую добрий з від є",
    "ru": "и не что на я это как по но мне спасибо здравствуйте с вы у за от для все",
}
_LANGUAGES: dict[str, list[str]] = {}  # which languages a small word belongs to
for _language, _text in _WORDS.items():
    for _one in dict.fromkeys(_text.split()):
        _LANGUAGES.setdefault(_one, []).append(_language)
READ = 800  # letters of a text that tell its language
_WORD = re.compile(r"[^\W\d_]+")
_ASCII_GAPS = {code: " " for code in range(128) if not chr(code).isalpha()}
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)


def language_of(text: str) -> str:
    """Return two letters of the likeliest language, or nothing."""
    sample = text[:READ]
    if not sample.isascii():
        for language, script in _SCRIPTS:
            if len(script.findall(sample)) * 5 > len(sample):
                return language
    found = _small_words(sample)
    if len(found) < 4:
        return ""
    scores: dict[str, int] = {}
    for word in found:
        for language in _LANGUAGES.get(word, ()):
            scores[language] = scores.get(language, 0) + 1
    best = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    if not best or scores[best[0]] < 3 or (len(best) > 1 and scores[best[0]] == scores[best[1]]):
        return ""
    return best[0]


def _small_words(text: str) -> list[str]:
    if text.isascii():  # twice as fast as the pattern, and every mail is asked
        return text.lower().translate(_ASCII_GAPS).split()
    return [word.lower() for word in _WORD.findall(text)]
