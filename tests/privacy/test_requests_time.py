"""The clock of a case: it stops only for a question about who asks; extensions, refusals and alarms come in time."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from privacy.actions.remind_requests import remind_requests
from privacy.actions.requests.close_request import refuse_request, take_back
from privacy.actions.requests.extend import extend_request
from privacy.actions.requests.identity import add_evidence, answer_question, ask_question, confirm_address
from privacy.actions.requests.open_request import open_request, open_user_request
from privacy.models import DataSubjectRequest, RequestLetter
from privacy.rights.history import Actor

ME = Actor()


def days_ago(organization: Organization, days: int, right: str = "access") -> DataSubjectRequest:
    received = timezone.now() - timedelta(days=days)
    return open_request(
        organization, right=right, source="hand", address="carol@customer.example", received_at=received
    )


def verbs(case: DataSubjectRequest) -> list[str]:
    return [event.verb for event in case.requestevents.all()]


def test_only_a_question_about_who_asks_stops_the_clock(acme: Organization, scope: Any) -> None:
    case = days_ago(acme, 0)
    ask_question(case, text="Which order?", is_about_identity=False, by=ME)
    assert not case.is_paused

    ask_question(case, text="Who are you?", is_about_identity=True, by=ME)
    assert case.is_paused
    assert case.identity == DataSubjectRequest.Identity.ASKED


def test_an_answer_lets_it_go_on_where_it_stood(acme: Organization, scope: Any) -> None:
    case = days_ago(acme, 0)
    before = case.due_at
    question = ask_question(case, text="Who are you?", is_about_identity=True, by=ME)
    DataSubjectRequest.objects.filter(pk=case.pk).update(paused_at=timezone.now() - timedelta(days=4, hours=5))
    answer_question(question, answer="Carol, order 1042", by=ME)

    case.refresh_from_db()
    assert not case.is_paused
    assert case.clock.paused_days == 4
    assert case.due_at.date() == (before + timedelta(days=4)).date()


def test_evidence_ends_the_question_too(acme: Organization, scope: Any) -> None:
    case = days_ago(acme, 0)
    ask_question(case, text="Who are you?", is_about_identity=True, by=ME)
    add_evidence(case, way="document", is_the_person=True, text="Passport seen", by=ME)

    case.refresh_from_db()
    assert (case.is_confirmed, case.is_paused) == (True, False)
    with pytest.raises(ActionRefused):
        ask_question(case, text="Who are you?", is_about_identity=True, by=ME)


def test_evidence_says_something(acme: Organization, scope: Any) -> None:
    with pytest.raises(ActionRefused):
        add_evidence(days_ago(acme, 0), way="document", is_the_person=True, by=ME)


def test_a_file_of_evidence_is_sealed(acme: Organization, scope: Any) -> None:
    evidence = add_evidence(
        days_ago(acme, 0), way="document", is_the_person=True, file=("id.png", "image/png", b"a passport"), by=ME
    )

    assert b"".join(evidence.file.read()) == b"a passport"
    assert evidence.file_name == "id.png"


def test_the_link_of_the_receipt_proves_the_address_once(acme: Organization, scope: Any) -> None:
    case = days_ago(acme, 0)
    assert case.token_hash is not None
    for _ in range(2):
        confirm_address(bytes(case.token_hash))

    case.refresh_from_db()
    assert case.is_confirmed
    assert case.identityevidences.count() == 1
    assert confirm_address(b"x" * 32) is None


# --- extension and refusal -------------------------------------------------------------------------------------------
@pytest.mark.promise("6-route-b")
def test_an_extension_needs_a_reason_and_tells_the_person(acme: Organization, scope: Any) -> None:
    case = days_ago(acme, 10)
    before = case.due_at
    with pytest.raises(ActionRefused):
        extend_request(case, reason=" ", by=ME)
    extend_request(case, reason="There are 5,000 mails.", by=ME)

    assert case.due_at > before + timedelta(days=55)
    letter = RequestLetter.objects.get(kind="extension")
    assert "There are 5,000 mails." in letter.text
    with pytest.raises(ActionRefused):
        extend_request(case, reason="Once more", by=ME)


def test_after_the_first_month_it_is_too_late_to_extend(acme: Organization, scope: Any) -> None:
    with pytest.raises(ActionRefused):
        extend_request(days_ago(acme, 40), reason="It is much", by=ME)


@pytest.mark.promise("15")
@pytest.mark.parametrize("language", ["en", "nl", "sv", "de"])
def test_a_refusal_carries_its_reason_and_the_way_to_complain(acme: Organization, scope: Any, language: str) -> None:
    case = open_request(acme, right="erasure", source="hand", address="a@b.example", language=language)
    with pytest.raises(ActionRefused):
        refuse_request(case, reason="", by=ME)
    refuse_request(case, reason="The law wants it kept.", by=ME)

    case.refresh_from_db()
    letter = RequestLetter.objects.get(kind="refusal")
    assert (case.outcome, letter.language) == ("refused", language)
    assert "The law wants it kept." in letter.text
    assert "https://www.imy.se" in letter.text
    assert "edpb.europa.eu" in letter.text


@pytest.mark.parametrize("language", ["en", "nl", "sv", "de"])
def test_every_letter_can_be_written_in_every_language(acme: Organization, scope: Any, language: str) -> None:
    from datetime import date

    from privacy.rights.letters import render_letter

    case = open_request(acme, right="access", source="hand", address="a@b.example", language=language)
    day = date(2026, 12, 12)
    context = {
        "url": "https://x",
        "question": "Q?",
        "is_about_identity": True,
        "reason": "R",
        "purpose": "P",
        "kept": "",
    }
    dates = dict.fromkeys(("expires_on", "kept_until", "done_on", "backups_until", "ends_on"), day)
    texts = {kind: render_letter(case, kind, **context, **dates) for kind in RequestLetter.Kind.values}

    assert all(case.case_number in subject for subject, _text in texts.values())
    assert all(len(text) > 200 and "Acme" in text and "{" not in text for _subject, text in texts.values())
    assert len({text for _subject, text in texts.values()}) == len(texts)
    assert all("12" in texts[kind][1] for kind in ("package", "erasure", "nothing", "restriction", "lifting"))


def test_a_closed_case_is_left_alone(acme: Organization, scope: Any) -> None:
    case = days_ago(acme, 1)
    take_back(case, by=ME)

    for act in (
        lambda: extend_request(case, reason="x", by=ME),
        lambda: refuse_request(case, reason="x", by=ME),
        lambda: ask_question(case, text="x", is_about_identity=False, by=ME),
        lambda: take_back(case, by=ME),
    ):
        with pytest.raises(ActionRefused):
            act()
    assert verbs(case).count("closed") == 1


# --- alarms ----------------------------------------------------------------------------------------------------------
@pytest.mark.promise("6-route-b")
def test_admins_are_told_on_day_14_21_and_27_and_when_it_is_late(acme: Organization, bob: Membership) -> None:
    with organization_scope(acme):
        case = days_ago(acme, 0)
    said = []
    for day in (13, 14, 15, 21, 27, 28, 35, 36):
        mail.outbox.clear()
        remind_requests(case.received_at + timedelta(days=day))
        said.append((day, sorted({one.to[0] for one in mail.outbox})))
    told = ["bob@acme.example", "olivia@acme.example"]

    assert said == [(13, []), (14, told), (15, []), (21, told), (27, told), (28, []), (35, told), (36, [])]
    assert verbs(case) == ["received", "reminded", "reminded", "reminded", "late"]


def test_an_alarm_names_nobody(acme: Organization, bob: Membership) -> None:
    with organization_scope(acme):
        case = days_ago(acme, 15)
    mail.outbox.clear()
    remind_requests()

    said = mail.outbox[0]
    assert case.case_number in said.subject
    assert "carol" not in (said.subject + said.body).casefold()


def test_alarms_that_were_missed_become_one(acme: Organization, bob: Membership) -> None:
    with organization_scope(acme):
        case = days_ago(acme, 22)
    remind_requests()
    remind_requests()

    assert [(event.verb, event.day) for event in case.requestevents.all()][1:] == [("reminded", 21)]


def test_nobody_is_alarmed_while_the_clock_stands_still(acme: Organization, bob: Membership) -> None:
    with organization_scope(acme):
        ask_question(days_ago(acme, 20), text="Who are you?", is_about_identity=True, by=ME)
    mail.outbox.clear()
    assert remind_requests() == 0


def test_an_alarm_whose_mail_fails_is_tried_again(
    acme: Organization, bob: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    with organization_scope(acme):
        days_ago(acme, 15)

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", fail)
        assert remind_requests() == 0
    assert remind_requests() == 1


@pytest.mark.promise("14")
def test_the_officer_is_told_of_the_operators_cases(alice: Membership, settings: Any) -> None:
    settings.DPO_EMAIL = "dora@operator.example"
    open_user_request(alice.user, right="erasure", received_at=timezone.now() - timedelta(days=14))
    mail.outbox.clear()

    assert remind_requests() == 1
    assert [one.to for one in mail.outbox] == [["dora@operator.example"]]


# --- what sweeps up --------------------------------------------------------------------------------------------------
def test_a_letter_that_found_no_mailbox_waits_and_leaves_once(acme: Organization) -> None:
    from privacy.actions.requests.letters import put_letter_into_outbox
    from privacy.actions.requests.sweep import letters_left_behind
    from tests import factories

    with organization_scope(acme):
        case = days_ago(acme, 0)
        letter = RequestLetter.objects.get()
        put_letter_into_outbox(letter.pk)
        RequestLetter.objects.update(created_at=timezone.now() - timedelta(minutes=5))
        assert letters_left_behind() == [letter.pk]
        assert "not_sent" in verbs(case)
    factories.make_mailbox(acme)
    with organization_scope(acme):
        for _ in range(2):
            put_letter_into_outbox(letter.pk)
        letter.refresh_from_db()
        assert letter.state == RequestLetter.State.SENT
        assert letters_left_behind() == []


def test_three_years_after_it_was_closed_a_case_is_gone_with_its_key(
    acme: Organization, scope: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from accounts.vault.models import VaultKey
    from privacy.actions.requests.sweep import forget_old_cases

    case = days_ago(acme, 0)
    take_back(case, by=ME)
    assert forget_old_cases() == 0
    DataSubjectRequest.objects.update(closed_at=timezone.now() - timedelta(days=3 * 365 + 1))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_old_cases() == 1

    assert not DataSubjectRequest.objects.exists()
    assert VaultKey.objects.get(kind="case", scope=case.pk).wrapped is None
