"""manage.py hold_role ADDRESS: give a member of the operator's staff the role for legal holds, or take it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from privacy.holds.actors import hold_role


class Command(BaseCommand):
    """Who has the role places holds of the operator and reads what was put aside; each reading is written down."""

    help = "Give staff the role for legal holds; --end takes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address."""
        parser.add_argument("address")
        parser.add_argument("--end", action="store_true", help="take the role")

    def handle(self, *args: Any, address: str, end: bool, **options: Any) -> None:
        """Change the membership of the group; staff only."""
        user = User.objects.filter(email=address.strip().lower(), is_staff=True, is_active=True).first()
        if user is None:
            raise CommandError("There is no member of the staff with this address.")
        group = hold_role()
        if end:
            user.groups.remove(group)
        else:
            user.groups.add(group)
        self.stdout.write(f"{user.pk} {'no longer has' if end else 'has'} the role for legal holds.")
