"""Nothing about a person is kept without a word on it: every model, every column, every library's table."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.test.utils import isolate_apps

from accounts.models import Organization, Owned, User
from accounts.personal_data import About, Erased, Origin, PersonalData
from accounts.sealing.fields import SealedTextField, sealed_fields
from accounts.sealing.files import SealedFile
from accounts.sealing.places import MAILBOX
from mailbox.models import Mailbox
from privacy import declarations, inventory, kin, records, stores
from tickets.models import Contact, Event, Message, Tag, Ticket, TicketLink

PAGE = Path(__file__).parents[2] / "docs" / "keys.md"


def test_every_model_and_column_is_declared() -> None:
    assert inventory.faults() == []


def test_the_page_of_keys_is_the_one_the_code_writes() -> None:
    assert PAGE.read_text() == inventory.as_markdown(inventory.inventory()), (
        "Run: python manage.py data_inventory --markdown > docs/keys.md"
    )


def test_the_command_prints_every_column_of_every_table() -> None:
    out = StringIO()
    call_command("data_inventory", "--json", stdout=out)
    told = {(row["model"], row["column"]): row for row in json.loads(out.getvalue())}

    for model in apps.get_models(include_auto_created=True):
        assert {(model._meta.label, field.attname) for field in model._meta.concrete_fields} <= set(told)
    assert told["tickets.Ticket", "subject"]["key"] == "mailbox"
    assert told["accounts.User", "email"]["kept"] == "plain"
    assert told["tickets.Attachment", "file"] | {"reason": ""} == told["tickets.Attachment", "file"]


def test_sealed_columns_are_bytes_in_the_database() -> None:
    for model in apps.get_models():
        assert {field.get_internal_type() for field in sealed_fields(model)} <= {"BinaryField"}


@isolate_apps("accounts")
@pytest.mark.parametrize(
    ("declared", "fault"),
    [
        (None, "declares no personal_data"),
        (PersonalData(About.CONTACTS), "remark is readable text without a reason"),
        (PersonalData(About.CONTACTS, {"remark": "a reason"}), "labels is readable text without a reason"),
        (
            PersonalData(About.CONTACTS, {"subject": "a reason"}),
            "subject has a reason to be readable, but is no readable",
        ),
        (PersonalData(About.CONTACTS, {"gone": "a reason"}), "gone has a reason to be readable, but is no readable"),
        (PersonalData(About.CONTACTS, files={}), "picture: its declared files"),
    ],
)
def test_the_guard_is_red_for_a_model_that(declared: PersonalData | None, fault: str) -> None:
    class GuardCard(models.Model):
        subject = SealedTextField(key=MAILBOX)
        remark = models.CharField(max_length=10)
        labels = models.JSONField()
        state = models.CharField(max_length=4, choices=[("open", "Open")])
        if declared is not None:
            personal_data = declared

        class Meta:
            app_label = "accounts"

        def __str__(self) -> str:
            return ""

        @property
        def picture(self) -> SealedFile:
            raise NotImplementedError

    assert any(fault in sentence for sentence in inventory.faults_of(GuardCard))


@isolate_apps("accounts")
def test_a_child_does_not_inherit_its_parents_word() -> None:
    class GuardTicket(Owned):
        organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")

        class Meta:
            app_label = "accounts"

        def __str__(self) -> str:
            return ""

    assert declarations.declaration(GuardTicket) is None
    assert declarations.declaration(Ticket) is not None


@isolate_apps("tests")
def test_a_new_table_of_a_library_must_be_looked_at() -> None:
    class GuardLibraryTable(models.Model):
        note = models.TextField()

        class Meta:
            app_label = "tests"

        def __str__(self) -> str:
            return ""

    assert list(inventory.faults_of(GuardLibraryTable)) == ["tests.GuardLibraryTable declares no personal_data."]


@isolate_apps("accounts")
@pytest.mark.parametrize(
    ("declared", "fault"),
    [
        (PersonalData(About.NOBODY), "does not say its origin"),
        (PersonalData(About.NOBODY, origin=Origin.MAILBOX), "comes from a mailbox, and nothing says from which"),
        (PersonalData(About.NOBODY, origin=Origin.USAGE), "no reference leads to an organization or a person"),
        (PersonalData(About.NOBODY, origin=Origin.BILLING), "does not say how long it is kept"),
        (PersonalData(About.CONTACTS, origin=Origin.NONE), "is about contacts and does not say whom"),
        (PersonalData(About.CONTACTS, subject="whom"), "names its person by whom, which leads nowhere"),
        (PersonalData(About.NOBODY, mailbox="whose__mailbox"), "names its mailbox by whose__mailbox"),
        (PersonalData(About.NOBODY), "about_id is an id without a reference"),
        (PersonalData(About.NOBODY), "ticket_id does nothing when its target goes"),
        (PersonalData(About.NOBODY, digests=("gone",)), "gone is declared and does not exist"),
    ],
)
def test_the_guard_is_red_for_rows_of_which_nobody_knows(declared: PersonalData, fault: str) -> None:
    class GuardSlip(models.Model):
        about_id = models.UUIDField()
        ticket = models.ForeignKey(Ticket, models.DO_NOTHING, related_name="+")
        personal_data = declared

        class Meta:
            app_label = "accounts"

        def __str__(self) -> str:
            return ""

    assert any(fault in sentence for sentence in inventory.faults_of(GuardSlip))


def test_the_references_say_to_which_mailboxes_a_row_belongs() -> None:
    assert kin.paths(Ticket, Mailbox) == ("mailbox",)
    assert kin.paths(Event, Mailbox) == ("ticket__mailbox",)
    assert kin.paths(TicketLink, Mailbox) == ("ticket__mailbox", "other__mailbox")
    assert kin.paths(Tag, Mailbox) == ()


def test_every_row_that_hangs_on_a_mailbox_says_that_it_ends_with_it() -> None:
    told = {record.model: record for record in records.records()}
    hanging = [model for model in kin.all_models() if kin.paths(model, Mailbox)]

    assert len(hanging) >= 20
    for model in hanging:
        assert told[model].mailboxes, model
        assert told[model].erased == Erased.DELETED, model


def test_what_names_a_person_says_by_which_path() -> None:
    told = {record.model: record for record in records.records()}

    assert told[Message].subjects == ("sender", "author")
    assert told[Message].digests == ("participants",)
    assert told[Event].subjects == ("by", "assignee")
    assert told[Contact].subjects == ("pk",)
    assert told[Message].exported == "with the organization, and with the person it names"


def test_a_new_place_of_the_settings_must_be_looked_at(settings: Any) -> None:
    assert stores.faults() == []
    settings.STORAGES = {**settings.STORAGES, "elsewhere": {"BACKEND": "somewhere.Storage"}}

    assert stores.faults() == ["The storage elsewhere of the settings is not declared in privacy/stores.py."]


def test_texts_of_rows_name_nobody() -> None:
    for model in apps.get_models():
        if model._meta.app_label in declarations.OURS and model is not Organization:
            row = model()
            for field in sealed_fields(model):
                row.__dict__[field.attname] = {"name": "Kanarie"} if "JSON" in type(field).__name__ else "Kanarie"
            if model is User:
                row.email = "Kanarie@people.example"
            assert "Kanarie" not in str(row), model
            assert "Kanarie" not in repr(row), model
