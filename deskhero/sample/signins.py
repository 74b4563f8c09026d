"""What a newcomer needs to sign in, as text for a shell."""

from collections.abc import Iterator

from deskhero.sample.people import current_code
from deskhero.sample.stories import Person, World


def sign_ins() -> str:
    """Return addresses, passwords, secrets of second steps and the codes that hold now."""
    return "\n".join(_lines(World.load()))


def _lines(world: World) -> Iterator[str]:
    yield f"Password of everybody: {world.password}"
    for company in world.companies:
        mailboxes = ", ".join(mailbox.address for mailbox in company.mailboxes)
        yield f"\n{company.name} ({mailboxes})"
        yield from (_line(person) for person in company.people)
    yield "\nOperator of this installation (Django admin, at /admin/)"
    yield _line(world.staff)
    left = current_code(world.staff.totp)[1]
    yield f"\nThese codes hold for {left} seconds. New ones: .venv/bin/python manage.py seed_sample --signins"


def _line(person: Person) -> str:
    line = f"  {person.role:<8}{person.email:<32}"
    return f"{line}code {current_code(person.totp)[0]}   key {person.totp}" if person.totp else line.rstrip()
