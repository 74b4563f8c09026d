"""What stands in the columns of a sheet of contacts: guessed from their names, chosen by a person, read row by row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from tickets.contacts.sheets import Row

KINDS = {
    "": _("Leave out"),
    "name": _("Name"),
    "first": _("First name"),
    "last": _("Last name"),
    "address": _("E-mail"),
    "company": _("Company"),
    "note": _("Note"),
}
MAX_NAME, MAX_NOTE = 200, 4_000
# Words in the head of a column, in the languages of our customers; whole names first, so that "last name" is no name.
_WORDS = {
    "address": r"e-?mails?\b|\bmail\b|e-?post|courriel|correo|sähköposti|adresse e-?mail|e-?mail-?adres",
    "first": r"first ?name|given ?name|förnamn|vorname|voornaam|prénom|nombre de pila|fornavn|etunimi|\bgiven\b",
    "last": r"last ?name|family ?name|surname|efternamn|nachname|achternaam|nom de famille|apellidos?|etternavn"
    r"|sukunimi|\bfamily\b",
    "company": r"compan|organi[sz]ation|företag|firma|bedrijf|société|entreprise|empresa|virksomhed|yritys|account",
    "note": r"\bnotes?\b|comment|remark|anteckning|notiz|bemerkung|opmerking|remarque|notas?\b",
    "name": r"\bname\b|\bnamn\b|\bnaam\b|\bnom\b|\bnombre\b|\bnavn\b|\bnimi\b|contact|display name|full ?name|kontakt",
}
_LABELS = re.compile(r"\b(type|label|typ|phonetic|phone|street|city|title|id)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s;,]+|:::")


@dataclass
class Person:
    """What one row says of a person."""

    number: int
    name: str = ""
    addresses: list[str] = field(default_factory=list)
    company: str = ""
    note: str = ""


def guess_columns(head: Sequence[str]) -> dict[str, str]:
    """Return what most likely stands in each column, by its number as text; of names and companies the first only."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for number, title in enumerate(head):
        kind = next((kind for kind, words in _WORDS.items() if re.search(words, title, re.IGNORECASE)), "")
        if kind and not (_LABELS.search(title) or (kind in taken and kind != "address")):
            found[str(number)] = kind
            taken.add(kind)
    if "first" in taken or "last" in taken:
        return {number: kind for number, kind in found.items() if kind != "name"}
    return found


def person_in(row: Row, columns: Mapping[str, str]) -> Person:
    """Return what a row says of a person, in the columns that were chosen."""
    said: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for number in sorted(columns, key=int):
        said[columns[number]].append(row.cell(int(number)))
    name = _joined(said["name"]) or _joined([*said["first"], *said["last"]])
    addresses = [piece for cell in said["address"] for piece in _BETWEEN.split(cell) if piece]
    return Person(
        row.number,
        name[:MAX_NAME],
        list(dict.fromkeys(one.strip("<>") for one in addresses)),
        _joined(said["company"])[:MAX_NAME],
        "\n".join(filter(None, said["note"]))[:MAX_NOTE],
    )


def _joined(cells: Sequence[str]) -> str:
    return " ".join(" ".join(cells).split())
