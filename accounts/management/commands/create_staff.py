"""manage.py create_staff ADDRESS: a member of the operator's staff."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import User
from accounts.staff_roles import ROLES
from deskhero.environment import env_secret

EVERYTHING = "everything"  # every right there is, for who sets the installation up


class Command(BaseCommand):
    """Make an account for Django admin; the person sets up a second step at the first sign-in."""

    help = "Make a staff account. The password is asked for, or taken from STAFF_PASSWORD or STAFF_PASSWORD_FILE."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address and the name."""
        parser.add_argument("address")
        parser.add_argument("--name", default="")
        parser.add_argument("--role", choices=[*ROLES, EVERYTHING], default="DPO")

    def handle(self, *args: Any, address: str, name: str, role: str, **options: Any) -> None:
        """Check address and password, then save; a user who exists already is left alone."""
        email = address.strip().lower()
        password = env_secret("STAFF_PASSWORD") or getpass("Password: ")
        try:
            validate_email(email)
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if User.objects.filter(email=email).exists() or EmailAddress.objects.filter(email=email).exists():
            raise CommandError("There is a user of that address already. Staff are users of their own.")
        with transaction.atomic():
            everything = role == EVERYTHING
            user = User.objects.create_user(email, password, name=name, is_staff=True, is_superuser=everything)
            if not everything:
                user.groups.add(Group.objects.get(name=role))
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        self.stdout.write(f"Made staff {user.pk}. A second step is asked for at the first sign-in.")
