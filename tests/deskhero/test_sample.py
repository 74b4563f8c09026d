"""The sample's mails are real mail, its people cannot be anybody, and its papers open."""

import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deskhero.sample.pdf import paper, papers
from deskhero.sample.stories import Company, Step, World, steps_of
from deskhero.sample.writing import Thread, write_mail
from tickets.mail import parse

FOLDER = Path(__file__).parents[2] / "deskhero" / "sample"
UNTIL = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def mails() -> Iterator[tuple[Company, Step, bytes]]:
    """Yield every customer's mail as it would arrive."""
    for company in World.load().companies:
        threads: dict[str, Thread] = {}
        for step in steps_of(company, until=UNTIL):
            if not step.by and not step.is_bounce:
                thread = threads.setdefault(step.story.name, Thread([]))
                yield company, step, write_mail(company, step, ("Desk", f"desk@{company.key}.example"), thread)


def test_about_sixty_mails_in_four_languages_are_read_without_an_error() -> None:
    found = list(mails())
    parsed = [parse(raw) for _, _, raw in found]

    assert len(found) >= 60
    assert {step.story.language for _, step, _ in found} == {"sv", "en", "nl", "de"}
    assert not [mail.error for mail in parsed if mail.error]
    assert all(mail.text.strip() for mail in parsed)


def test_nothing_happens_in_the_future_and_every_step_in_its_order() -> None:
    for company in World.load().companies:
        steps = steps_of(company, until=UNTIL)
        assert steps[-1].moment <= UNTIL
        for name in {step.story.name for step in steps}:
            numbers = [step.number for step in steps if step.story.name == name]
            assert numbers == sorted(numbers)


def test_every_address_is_on_a_domain_that_nobody_can_own() -> None:
    for path in [*FOLDER.rglob("*.toml"), *FOLDER.rglob("*.csv")]:
        for domain in re.findall(r"@([\w-]+(?:\.[\w-]+)+)", path.read_text()):
            assert domain.endswith(".example"), f"{path.name}: {domain}"


@pytest.mark.parametrize("name", sorted(papers()))
def test_a_paper_is_a_pdf_that_says_its_title(name: str) -> None:
    data = paper(name)

    content = zlib.decompress(re.search(rb"stream\n(.*?)\nendstream", data, re.DOTALL)[1])  # type: ignore[index]
    assert data.startswith(b"%PDF-1.4")
    assert int(data.rsplit(b"startxref\n", 1)[1].split()[0]) == data.rindex(b"\nxref") + 1
    assert papers()[name]["title"].encode("cp1252") in content
