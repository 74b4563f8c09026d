"""What a mail most likely asks for, by its words; a person looks at it afterwards and may say otherwise."""

import re

from privacy.models import DataSubjectRequest
from privacy.rights.letters import LANGUAGES
from tickets.mail.language import language_of

Right = DataSubjectRequest.Right
# English, Dutch, Swedish, German; the first that fits, from the most definite to the widest.
_WORDS = {
    Right.PORTABILITY: r"portab|overdraagbaar|dataöverför|dataportab|übertragbarkeit|(art\w*\.? ?20\b)",
    Right.RESTRICTION: r"restrict|beperk|begräns|einschränk|(art\w*\.? ?18\b)",
    Right.WITHDRAWAL: r"withdraw|revoke|intrek|återkall|widerruf",
    Right.OBJECTION: r"\bobject(ion)?\b|bezwaar|invänd|widersp|(art\w*\.? ?21\b)",
    Right.ERASURE: r"eras|delet|forget me|forgotten|remove (all )?my|verwijder|wis(sen)?\b|vergeten|rader|ta bort"
    r"|glöm|lösch|vergessen|(art\w*\.? ?17\b)",
    Right.RECTIFICATION: r"rectif|correct|wrong (name|address)|verbeter|corrig|rätta|ändra|berichtig|(art\w*\.? ?16\b)",
}
# What short requests are made of; a word may belong to several languages.
_SHORT = {
    "en": "my data your delete erase remove please copy account information i you me want of the what have",
    "nl": "mijn mij gegevens u uw jullie wil verwijder verwijderen wis graag kopie ik van welke heeft alles",
    "sv": "mina min mig uppgifter jag vill radera ta bort tack kopia på ni er om vilka har allt",
    "de": "meine meiner meinen mir mich daten bitte löschen sie ihr ihre ich von kopie welche haben alle",
}
_SAID = {language: frozenset(words.split()) for language, words in _SHORT.items()}


def guess_right(said: str) -> str:
    """Return the right a mail speaks of; a copy of the data where it names none."""
    text = said.casefold()[:20_000]
    return next((right for right, words in _WORDS.items() if re.search(words, text)), Right.ACCESS)


def guess_language(said: str, otherwise: str) -> str:
    """Return the language a letter is best written in; a request is often one short sentence, and its words count."""
    found = language_of(said)
    if found in LANGUAGES:
        return found
    words = re.findall(r"[^\W\d_]+", said.casefold()[:2_000])
    scores = {language: sum(word in own for word in words) for language, own in _SAID.items()}
    best, second = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    return best if not found and scores[best] > scores[second] else otherwise
