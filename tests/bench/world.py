"""The company of the bench: `python -m tests.bench.world` makes it in a new database."""

import os

import django

SLUG = "bench"
AGENTS = 10
MAILBOXES = (("google", "support@bench.example"), ("microsoft", "orders@bench.example"))
PASSWORD = "four plain words here"


def main() -> None:
    """Migrate, then make one organization, its people and two mailboxes."""
    django.setup()
    from django.core.management import call_command

    for alias in ("default", "vault"):
        call_command("migrate", database=alias, interactive=False, verbosity=0)
    from accounts.models import Membership
    from tests import factories

    owner = factories.make_user("owner@bench.example", name="Olga Bench", second_step=True)
    organization = factories.make_organization("Bench", owner=owner)
    for number in range(AGENTS):
        user = factories.make_user(f"agent{number}@bench.example", name=f"Agent Number{number}", password=PASSWORD)
        factories.make_membership(organization, user, role=Membership.Role.AGENT)
    for provider, address in MAILBOXES:
        factories.make_mailbox(organization, address=address, provider=provider)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    main()
