"""Mails of the bench: plain and HTML, with quotes, a few with files; the same seed gives the same mails."""

import random
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime

from django.utils import timezone

WORDS = [
    "the",
    "order",
    "delivery",
    "invoice",
    "please",
    "we",
    "have",
    "not",
    "yet",
    "received",
    "our",
    "customer",
    "number",
    "and",
    "would",
    "like",
    "to",
    "know",
    "when",
    "it",
    "can",
    "be",
    "sent",
    "again",
    "because",
    "last",
    "week",
    "a",
    "parcel",
    "arrived",
    "broken",
    "with",
    "two",
    "parts",
    "missing",
    "so",
    "that",
    "nobody",
    "could",
    "use",
    "the",
    "pump",
    "until",
    "your",
    "colleague",
    "called",
    "us",
    "back",
    "thank",
    "you",
    "for",
    "the",
    "quick",
    "answer",
    "kind",
    "regards",
    "from",
    "all",
    "of",
    "us",
    "here",
    "in",
    "the",
    "north",
    "could",
    "you",
    "also",
    "check",
    "whether",
    "the",
    "spare",
    "filter",
    "fits",
    "the",
    "older",
    "model",
    "which",
    "was",
    "bought",
    "in",
    "march",
    "with",
    "the",
    "warranty",
]
NAMES = [
    "Anna",
    "Bo",
    "Carla",
    "David",
    "Ebba",
    "Finn",
    "Greta",
    "Hugo",
    "Ida",
    "Jan",
    "Klara",
    "Lars",
    "Maja",
    "Nils",
    "Olga",
    "Per",
    "Rosa",
    "Sven",
    "Tove",
    "Ulf",
]


def paragraph(draw: random.Random, words: int) -> str:
    """Return a paragraph of that many words."""
    return " ".join(draw.choices(WORDS, k=words)).capitalize() + "."


def body(draw: random.Random) -> str:
    """Return what a person would write: 60 to 220 words in paragraphs."""
    return "\n\n".join(paragraph(draw, draw.randint(25, 60)) for _ in range(draw.randint(2, 4)))


def to_be_found(number: int, position: int) -> str:
    """Return what the search looks for: a word of one ticket, one of 1 % with a phrase, one of 20 % of all mails."""
    found = "\n\nThe harbour is closed." if number % 5 == 0 else ""
    if position == 0:
        found += f"\n\nReference Q{number:06}X."
        found += " The halyard block jammed." if number % 100 == 0 else ""
    return found


def person(number: int) -> tuple[str, str]:
    """Return the name and address of a customer."""
    return f"{NAMES[number % len(NAMES)]} Customer{number}", f"customer{number}@people{number % 97}.example"


def stream(count: int, *, to: str, seed: int = 1, answered: float = 0.4) -> Iterator[bytes]:
    """Yield raw mails of 2 to 6 KB; a part of them answer an earlier one, and one in 25 carries a file of 30 KB."""
    draw = random.Random(seed)
    earlier: list[tuple[str, str, int, list[str]]] = []  # subject, newest id, customer, references
    for number in range(count):
        mail = EmailMessage()
        message_id = f"<bench.{seed}.{number}@people.example>"
        if earlier and draw.random() < answered:
            subject, parent, customer, references = draw.choice(earlier[-200:])
            mail["Subject"] = f"Re: {subject}"
            mail["In-Reply-To"] = parent
            mail["References"] = " ".join([*references, parent])
            references.append(parent)
        else:
            subject, customer, references = paragraph(draw, draw.randint(3, 8)), draw.randrange(5_000), []
            mail["Subject"] = subject
            earlier.append((subject, message_id, customer, references))
        name, address = person(customer)
        mail["From"], mail["To"] = f"{name} <{address}>", to
        mail["Date"], mail["Message-ID"] = format_datetime(timezone.now()), message_id
        text = body(draw)
        if references:
            text += "\n\nOn 1 November Bench wrote:\n" + "\n".join(f"> {line}" for line in body(draw).splitlines())
        mail.set_content(text)
        if number % 3:
            html = "".join(f"<p>{line}</p>" for line in text.split("\n\n"))
            mail.add_alternative(f"<html><body>{html}</body></html>", subtype="html")
        if number % 25 == 0:
            mail.add_attachment(draw.randbytes(30_000), "application", "pdf", filename=f"paper-{number}.pdf")
        yield mail.as_bytes()
