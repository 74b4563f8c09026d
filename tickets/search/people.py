"""People in the index: whose words a mail's are, by every name somebody may ask for them."""

from tickets.search.folding import fold, unaccented
from tickets.search.words import HOST, parts_of, pieces_of

FROM, TO = "f", "t"  # sorts of terms: who wrote it, who got it

Person = tuple[str, str]  # name, address


def person_terms(sort: str, person: Person) -> set[str]:
    """Return the terms by which from: or to: finds a person: each name, the address, its host, what stands before @."""
    name, address = person[0], fold(person[1]).strip()
    local, _at, host = address.rpartition("@")
    names = {unaccented(part) for piece in pieces_of(f"{name} {local}") for part in parts_of(piece)}
    return {sort + one for one in names | {address, local, HOST + host} if len(one) > 1}
