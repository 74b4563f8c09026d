"""Words that are in almost every mail and say nothing: they are neither kept nor asked for.

Only such as mean nothing else in another of these languages stand here. So "van", "man", "war", "die" and "son" are
words like any other: left out, a search for "delivery van" would find every delivery.
"""

from tickets.search.folding import unaccented

_WORDS = (
    # English
    "the and of to in is that you for with this have are be been has had will would could should your our we they "
    "their there from at by as if so but or than then these those were which who what when can an my me its i do "
    # Dutch
    "het een ik niet dat zijn aan maar wij naar mijn voor ook er nog bij heb heeft hebben wordt worden kunt kunnen zou "
    "zal wel omdat deze dit hun hij zij ze uw ons onze jullie "
    # German
    "der und ich nicht das ist ein eine einen einem einer eines für auf sie wir zu auch dem des im ihr ihre ihnen uns "
    "unsere haben wird werden wurde sind sich aus nach bei oder wenn dass daß noch nur kann können fuer koennen "
    # French
    "le la les et je vous est pas une dans que qui avec nous du au aux votre vos notre nos mais sont ont été cette ces "
    "sera leur il elle ils elles ne "
    # Spanish
    "el los las y no en un una por para mi lo su sus me se que está están muy esta este esto pero usted "
    # Swedish
    "och jag att det inte är på för med har som till av om vi ni er mig oss kan ska skulle hade från eller "
    "detta dessa vara blir blev också "
    # Danish, Norwegian
    "og jeg ikke er på af fra dette disse være også eller deg dig meg hos "
    # Italian, Portuguese
    "il di che non della del per sono è gli ha ho o um uma não com as ao das da na "
    # Finnish
    "ja on ei että se olen mutta joka ovat"
)
FUNCTION_WORDS = frozenset(_WORDS.split())
# As somebody without these letters types them; what is a word of its own in another language stays one.
_TYPED = frozenset(unaccented(word) for word in FUNCTION_WORDS) - {"fur"}


def says_little(word: str) -> bool:
    """Return whether a folded word of a question can be left out of it, where there are others."""
    return word in FUNCTION_WORDS or word in _TYPED or len(word) == 1
