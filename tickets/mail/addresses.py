"""Who a header names: mailboxes without quotes or brackets, with names in comments, in groups, in any language."""

import re

from tickets.mail import limits
from tickets.mail.address_lists import split_list
from tickets.mail.address_spec import BARE, BLANKS, bare_email, find_address, is_one_word, without_blanks
from tickets.mail.limits import Notes
from tickets.mail.model import Address
from tickets.mail.words import decode_words

_SIMPLE = re.compile(r'(?:"([^"\\]*)"\s*|([^"<>,;:@()\\\[\]]*))<([^<>\s,;@"()]+@[^<>\s,;@"():]+)>')
_COMMENT = re.compile(r"\(((?:[^()\\]|\\.)*)\)")
_OUTSIDE_QUOTES = re.compile(r'(\\.|"(?:[^"\\]|\\.){0,500}")|\((?:[^()\\]|\\.)*\)', re.DOTALL)
_QUOTED_NAME = re.compile(r'("(?:[^"\\]|\\.){0,1000}")\s*([^\s"<>()]+@[^\s"<>()]+)')
_ENCODED_COMMA = re.compile(r"(?<=[>\w])\s{1,9}=\?utf-8\?q\?=2C\?=(?=\s)", re.IGNORECASE)  # Python 3.11 and before
_NO_COMMA = re.compile(r"(?<=>)\s{1,9}(?=[^<>,;@()]{1,100}<[^<>\s@]{1,100}@[^<>\s@]{1,255}>)")
_QUOTE = re.compile(r"(?<!\\)\"")
_STRUCTURE = re.compile(r"[<>\"(]")
# To its end, or else to the end of the text: what is not closed here is closed nowhere behind it, so one look suffices.
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+(?:(")|\\?\Z)', re.DOTALL)


def parse_addresses(  # noqa: C901
    value: str, notes: Notes | None = None, hint: str | None = None, *, encoded: bool = True
) -> list[Address]:
    """Return everybody a header names who has an address, in order, each as written.

    `encoded` says whether somebody may be named, name and address, by an encoded word beside others.
    """
    value = value.strip()
    if not value:
        return []
    found = _SIMPLE.fullmatch(value)
    if found and (email := bare_email(found[3])):
        return [Address(_name(found[1] if found[1] is not None else found[2], hint), email)]
    if BARE.fullmatch(value):
        return [Address("", email)] if (email := bare_email(value)) else []
    value = value.replace("&lt;", "<").replace("&gt;", ">") if "&lt;" in value else value
    value = _ENCODED_COMMA.sub(",", value) if "?=2C?=" in value else value
    value = _NO_COMMA.sub(", ", value) if '"' not in value else value
    people: list[Address] = []
    waiting = ""  # a piece without an address: the first half of `Last, First <address>`
    pieces = split_list(value)
    if len(pieces) > limits.ADDRESSES:
        if notes:
            notes.add(f"more than {limits.ADDRESSES} addresses in one header; the rest was left out")
        pieces = pieces[: limits.ADDRESSES]
    for piece in pieces:
        found_here = _people(piece, hint) or (_encoded_people(piece, hint) if encoded else [])
        if not found_here:
            waiting = f"{waiting}, {piece}" if waiting else piece
            continue
        if waiting and found_here[0].name and "<" in piece:
            found_here[0] = Address(f"{_name(waiting, hint)}, {found_here[0].name}", found_here[0].email)
        waiting = ""
        people += found_here
    if not people and "=?" in value:  # some programs encode name and address together
        decoded = decode_words(value, hint)
        if "=?" not in decoded:
            return parse_addresses(decoded, notes, hint)
    return people


def first_address(values: list[str], hint: str | None = None) -> Address | None:
    """Return the first person with an address in the first of these headers that has one.

    Of two bare addresses side by side the last one counts: the first stands where a name would.
    """
    for value in values:
        people = parse_addresses(value, None, hint, encoded=False)
        if people:
            beside = _people(split_list(value)[0], hint) if len(people) > 1 else []
            return beside[-1] if len(beside) > 1 else people[0]
    return None


def _encoded_people(piece: str, hint: str | None) -> list[Address]:
    """Return whom a piece names that is an encoded word as a whole, if it is a name with an address in brackets."""
    decoded = decode_words(piece, hint) if "=?" in piece and '"' not in piece else ""
    return parse_addresses(decoded, None, hint) if "<" in decoded and "=?" not in decoded else []


def _people(piece: str, hint: str | None) -> list[Address]:
    """Return the person that a piece between commas names; several, if it is a list that lacks its commas."""
    if piece.count("@") > 1 and not _STRUCTURE.search(piece):
        words = piece.split()
        addresses = [word for word in words if BARE.fullmatch(word) and "." in word.rpartition("@")[2]]
        if len(addresses) == len(words):
            return [Address("", bare_email(word)) for word in words[: limits.ADDRESSES]]
        if len(addresses) == 1:  # the other only looks like one
            name = " ".join(word for word in words if word != addresses[0])
            return [Address(_name(name, hint), bare_email(addresses[0]))]
    person = _person(piece, hint)
    return [person] if person else []


def _person(piece: str, hint: str | None) -> Address | None:
    whole, piece = piece, _without_comments(piece)
    outside = _QUOTED.sub(lambda found: "q" * len(found[0]) if found[1] else found[0], piece) if '"' in piece else piece
    if "@" not in outside:  # all of it stands in quotes
        outside = piece
    close = outside.rfind(">")
    opening = outside.rfind("<", 0, close if close >= 0 else len(piece))
    if opening >= 0 and "@" in outside[opening:]:
        email = bare_email(piece[opening + 1 : close if close > opening else len(piece)])
        if email:
            name = _name(piece[:opening].strip(" <"), hint)
            return Address(name or _comment_name(whole, hint), email)
    return _bare_person(whole, piece, outside, hint)


def _bare_person(whole: str, piece: str, outside: str, hint: str | None) -> Address | None:
    """Return who is named without angle brackets: an address, perhaps with blanks in it, and words beside it."""
    together = without_blanks(piece) or (piece.strip() if is_one_word(piece) else "")
    if together:
        return Address(_comment_name(whole, hint), bare_email(together)) if bare_email(together) else None
    quoted = _QUOTED_NAME.fullmatch(piece.strip())
    if quoted:
        return Address(_name(quoted[1], hint), bare_email(quoted[2]))
    found = find_address(outside)
    if found and (whole != piece or "<" in outside or ">" in outside):  # not bare: the name comes first
        found = find_address(outside, found.end()) or found
    if not found:
        piece = re.sub(r"\s{0,5}@\s{0,5}", "@", piece) if "@" in piece else ""
        found = find_address(piece)
    email = bare_email(piece[found.start() : found.end()]) if found else ""
    if not found or not email:
        return _in_comment(whole, hint)
    words = (piece[: found.start()] + " " + piece[found.end() :]).replace("mailto:", "").strip(" \t<>[]:'\"")
    words = words if ")" in words else words.lstrip("( ")
    return Address(_name(words, hint) or _comment_name(whole, hint), email)


def _in_comment(piece: str, hint: str | None) -> Address | None:
    """Return somebody whose address stands in the brackets where others put the name."""
    found = _COMMENT.search(piece) if "@" in piece else None
    email = bare_email(found[1]) if found and BARE.fullmatch(found[1].strip()) else ""
    return Address(_name(piece[: found.start()], hint), email) if found and email else None


def _without_comments(piece: str) -> str:
    """Return a text without its remarks in brackets; those within quotes stay."""
    for _ in range(10):
        if "(" not in piece:
            break
        shorter = _OUTSIDE_QUOTES.sub(lambda found: found[1] or " ", piece)
        if shorter == piece:
            break
        piece = shorter
    return piece


def _comment_name(piece: str, hint: str | None) -> str:
    found = _COMMENT.search(piece) if "(" in piece else None
    return _name(found[1], hint) if found and "@" not in found[1] else ""


def _name(text: str, hint: str | None) -> str:
    text = text.strip()
    if '"' in text and "=?" in text:  # blanks between an encoded word and one in quotes count
        text = "".join(decode_words(piece, hint) for piece in _QUOTE.split(text))
    else:
        text = text[1:-1] if len(text) > 1 and text[0] == '"' == text[-1] else _QUOTE.sub("", text)
    if "\\" in text:
        text = re.sub(r"\\(.)", r"\1", text)
    text = decode_words(text, hint) if "=?" in text else text
    text = BLANKS.sub(" ", text).strip()
    for _ in range(2):
        if len(text) > 1 and text[0] == text[-1] == "'":
            text = text[1:-1].strip()
    return text[:500]
