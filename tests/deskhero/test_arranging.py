"""What the sample companies have set up: a newcomer finds companies, tags, fields and views that are in use."""

import tomllib
from datetime import UTC, datetime

import pytest

from accounts.tenancy import organization_scope
from deskhero.sample.arranging import FILE, arrange
from deskhero.sample.stories import Company as SampleCompany
from deskhero.sample.stories import World, steps_of
from tickets.models import Company, CustomField, SavedView, Tag

UNTIL = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
COMPANIES = World.load().companies


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.key)
def test_a_company_sets_up_what_the_file_says_and_a_second_run_changes_nothing(company, acme, bob):
    said = tomllib.loads(FILE.read_text())[company.key]
    arrange(company.key, bob)
    arrange(company.key, bob)

    with organization_scope(acme):
        assert {one.name for one in Company.objects.all()} == {one["name"] for one in said["companies"]}
        assert {one.name for one in Tag.objects.all()} == {one["name"] for one in said["tags"]}
        assert {one.name for one in CustomField.objects.all()} == {one["name"] for one in said["fields"]}
        assert {one.name for one in SavedView.objects.all() if one.is_shared} == {one["name"] for one in said["views"]}


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.key)
def test_what_is_set_up_is_what_the_stories_use(company: SampleCompany):
    said, steps = tomllib.loads(FILE.read_text())[company.key], steps_of(company, until=UNTIL)
    writing = {step.story.sender[1].rpartition("@")[2] for step in steps}
    writing |= {person.rstrip(">").rpartition("@")[2] for step in steps for person in step.story.cc}
    fields = {one["name"]: one.get("words") for one in said["fields"] if one["subject"] == "ticket"}

    assert {one["domain"] for one in said["companies"]} <= writing
    assert {tag for step in steps for tag in step.story.tags} == {one["name"] for one in said["tags"]}
    for name, value in (pair for step in steps for pair in step.details.get("fields", {}).items()):
        assert fields[name] is None or value in fields[name]
