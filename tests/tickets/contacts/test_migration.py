"""Contacts from before there were codes and domains are found like all others."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from tickets import migrations
from tickets.contacts.finding import page_of
from tickets.models import ContactAddress, ContactCode

pytestmark = pytest.mark.usefixtures("scope")


def test_filling_makes_old_contacts_found_and_runs_again_safely(alice, nora, contact):
    codes = set(ContactCode.objects.values_list("contact", "code"))
    ContactCode.objects.all().delete()
    ContactAddress.objects.update(domain_digest=None)
    folder = Path(str(migrations.__file__)).parent
    (name,) = (path.stem for path in folder.glob("*_contacts_and_companies.py"))
    fill = import_module(f"tickets.migrations.{name}").make_contacts_found

    fill(apps, None)
    fill(apps, None)

    assert {(who, bytes(code)) for who, code in ContactCode.objects.values_list("contact", "code")} == {
        (who, bytes(code)) for who, code in codes
    }
    assert page_of(alice, "@northlight.example", None) == [nora]
