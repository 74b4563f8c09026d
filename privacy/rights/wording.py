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


def guess_right(said: str) -> str:
    """Return the right a mail speaks of; a copy of the data where it names none."""
    text = said.casefold()[:20_000]
    return next((right for right, words in _WORDS.items() if re.search(words, text)), Right.ACCESS)


def guess_language(said: str, otherwise: str) -> str:
    """Return the language a letter is best written in."""
    found = language_of(said)
    return found if found in LANGUAGES else otherwise
