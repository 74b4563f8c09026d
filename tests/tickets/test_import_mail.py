"""manage.py import_mail: old mail as history, by the contract others script against."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.tenancy import organization_scope
from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from tests.factories import make_mailbox
from tests.mails import arrive, write_mail
from tickets.actions import receive
from tickets.actions.close import close_ticket
from tickets.actions.reply import send_reply
from tickets.management.commands import import_mail
from tickets.models import Contact, Message, Ticket

KEYS = {
    "id", "ticket", "new", "direction", "auto_reply", "bounce", "may_autorespond", "reopened", "quarantined", "error"
}  # fmt: skip
OURS = {"sender": "Help <help@acme.example>", "to": "carol@customer.example"}
A, B, C = "<a@customer.example>", "<b@acme.example>", "<c@customer.example>"
LINE = b"From x@y.example Mon Nov  2 10:00:00 2020\n"


@pytest.fixture
def run(mailbox, tmp_path):
    """Write mails to files, import them, and return what --json printed of each."""

    def importing(*mails: bytes | dict, names: str = "{:03}.eml", options: tuple[str, ...] = ()) -> list[dict]:
        paths = []
        for number, mail in enumerate(mails):
            path = tmp_path / names.format(number)
            path.write_bytes(mail if isinstance(mail, bytes) else dated(**mail))
            paths.append(str(path))
        return lines("--mailbox", mailbox.address, "--json", *options, *paths)

    return importing


def dated(on: datetime | None = None, **mail) -> bytes:
    """Return a mail with a date of its own, years ago."""
    raw = write_mail(**mail)
    date = format_datetime(on or datetime(2021, 3, 4, 10, 0, tzinfo=UTC))
    head, body = raw.split(b"\n\n", 1)
    kept = b"\n".join(line for line in head.split(b"\n") if not line.startswith(b"Date:"))
    return kept + f"\nDate: {date}\n\n".encode() + body


def lines(*arguments: str) -> list[dict]:
    out = StringIO()
    call_command("import_mail", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def hour(number: int) -> datetime:
    return datetime(2021, 3, 4, number, 0, tzinfo=UTC)


CONVERSATION = [
    {"message_id": A, "subject": "Door", "on": hour(10)},
    OURS | {"message_id": B, "in_reply_to": A, "subject": "Re: Door", "text": "Which one?", "on": hour(11)},
    {"message_id": C, "in_reply_to": B, "references": [A, B], "text": "The front door.", "on": hour(12)},
]


def test_every_mail_is_told_with_exactly_these_keys(run, tmp_path):
    (told,) = run({"message_id": A})

    assert set(told) == KEYS
    assert told == {
        "id": str(tmp_path / "000.eml"), "ticket": 1, "new": True, "direction": "inbound", "auto_reply": False,
        "bounce": False, "may_autorespond": True, "reopened": False, "quarantined": False, "error": None,
    }  # fmt: skip


def test_a_conversation_becomes_one_ticket_with_our_answer_in_it(run, acme, mailbox):
    told = run(*CONVERSATION)

    assert [(one["ticket"], one["new"], one["direction"]) for one in told] == [
        (1, True, "inbound"), (1, False, "outbound"), (1, False, "inbound")
    ]  # fmt: skip
    with organization_scope(acme):
        ticket = Ticket.objects.get()
        _question, answer, _reply = ticket.messages.order_by("at")
        assert (answer.is_outbound, answer.author, answer.sender) == (True, None, None)
        assert answer.people("from") == [("Help", "help@acme.example")]
        assert ticket.contact.addresses.get().address == "carol@customer.example"
        assert (ticket.state, ticket.message_count) == (Ticket.State.OPEN, 3)


def test_history_keeps_its_own_times(run, acme):
    run(*CONVERSATION)

    with organization_scope(acme):
        ticket = Ticket.objects.get()
        assert list(ticket.messages.order_by("at").values_list("at", flat=True)) == [hour(10), hour(11), hour(12)]
        assert (ticket.created_at, ticket.last_activity_at) == (hour(10), hour(12))
        assert Contact.objects.get().created_at == hour(10)
        assert InboundEmail.objects.order_by("pk").first().received_at == hour(10)


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        (b"Date: Fri, 01 Jan 2100 00:00:00 +0000\n", None),
        (b"", None),
        (b"Received: from a by b; Thu, 4 Mar 2021 10:00:00 +0000\n", hour(10)),
    ],
)
def test_a_mail_is_never_of_the_future_and_without_a_date_a_server_may_know(run, acme, raw, at):
    run(raw + b"From: carol@customer.example\nSubject: Door\n\nIt is open.\n")

    with organization_scope(acme):
        found = Message.objects.get().at
        assert found == at if at else timezone.now() - timedelta(minutes=1) < found <= timezone.now()


def test_the_line_of_an_mbox_tells_the_time_where_nothing_else_does(run, acme):
    mail = b"From: carol@customer.example\nSubject: Door\n\nIt is open.\n"
    run(b"From carol@customer.example Thu Mar  4 10:00:00 2021\n" + mail, names="{:03}.mbox")

    with organization_scope(acme):
        assert Message.objects.get().at == hour(10)


def test_nothing_is_ever_sent(run, acme, mailbox, celery_eager):
    with organization_scope(acme):
        Mailbox.objects.update(acknowledges=True)
        row = Mailbox.objects.get()
        row.acknowledgement = "We have your mail."
        row.connected_at = hour(1)
        row.save()

    run({"message_id": A, "on": timezone.now() - timedelta(minutes=1)})

    with organization_scope(acme):
        assert OutboundEmail.objects.count() == 0
        assert Message.objects.count() == 1


# --- again and again -------------------------------------------------------------------------------------------------
def test_the_same_files_again_make_nothing_new(run, acme):
    first = run(*CONVERSATION)
    again = run(*CONVERSATION)

    assert [one["ticket"] for one in again] == [one["ticket"] for one in first] == [1, 1, 1]
    assert [one["direction"] for one in again] == ["inbound", "outbound", "inbound"]
    assert not any(one["new"] or one["reopened"] for one in again)
    with organization_scope(acme):
        assert (Message.objects.count(), InboundEmail.objects.count()) == (3, 3)


def test_one_file_twice_in_one_run_is_one_mail(run, acme):
    raw = dated(message_id=A)

    first, second = run(raw, raw)

    assert (first["new"], second["new"], second["ticket"]) == (True, False, 1)
    with organization_scope(acme):
        assert Message.objects.count() == 1


def test_the_same_mail_from_a_file_and_an_mbox_is_one_mail(run, acme):
    raw = dated(message_id=A)
    run(raw.replace(b"\n", b"\r\n"))

    (told,) = run(LINE + raw + b"\n", names="{:03}.mbox")

    assert (told["ticket"], told["new"]) == (1, False)
    with organization_scope(acme):
        assert InboundEmail.objects.count() == 1


def test_a_mail_that_the_provider_brings_later_is_here_already(run, acme, mailbox):
    run({"message_id": A})

    with organization_scope(acme):
        assert arrive(mailbox, b"Received: by mx\n" + dated(message_id=A)) is None
        assert Message.objects.count() == 1


def test_a_mail_that_the_provider_brought_before_is_not_imported_again(run, acme, mailbox):
    with organization_scope(acme):
        arrive(mailbox, b"Received: by mx\n" + dated(message_id=A))

    for _ in range(2):
        (told,) = run({"message_id": A})
        assert (told["ticket"], told["new"], told["error"]) == (1, False, None)
    with organization_scope(acme):
        assert Message.objects.count() == 1


def test_our_own_answer_from_the_sent_folder_is_the_one_the_desk_sent(run, acme, mailbox, alice, carol):
    with organization_scope(acme):
        ticket = arrive(mailbox, message_id=A).ticket
        answer = send_reply(ticket, text="Which one?", to=[("", carol)], by=alice)
        raw = OutboundEmail.objects.get().raw()

    (told,) = run(raw)

    assert (told["ticket"], told["direction"], told["new"]) == (1, "outbound", False)
    with organization_scope(acme):
        assert list(Message.objects.filter(direction="outbound")) == [answer]


def test_an_import_that_was_killed_goes_on_where_it_was(run, acme, monkeypatch):
    monkeypatch.setattr(import_mail, "BATCH_MAILS", 2)
    mails = [{"message_id": f"<{n}@customer.example>", "subject": f"Number {n}"} for n in range(6)]
    real = import_mail.Importer.take
    taken = []

    def killed(self, batch):
        taken.append(batch)
        if len(taken) == 2:
            raise KeyboardInterrupt
        return real(self, batch)

    with patch.object(import_mail.Importer, "take", killed), pytest.raises(KeyboardInterrupt):
        run(*mails)
    told = run(*mails)

    assert [one["new"] for one in told] == [False, False, True, True, True, True]
    with organization_scope(acme):
        assert sorted(Ticket.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


# --- sorts of mail ---------------------------------------------------------------------------------------------------
def test_automatic_answers_and_bounces_are_told_and_change_no_turn(run, acme):
    told = run(
        *CONVERSATION[:2],
        {"in_reply_to": B, "subject": "Out of office", "headers": [("Auto-Submitted", "auto-replied")], "on": hour(12)},
        bounce_of(B),
    )

    away, bounced = told[2:]
    assert (away["ticket"], away["auto_reply"], away["may_autorespond"], away["reopened"]) == (1, True, False, False)
    assert (bounced["ticket"], bounced["bounce"], bounced["may_autorespond"]) == (1, True, False)
    assert not bounced["reopened"]


def test_an_out_of_office_leaves_a_waiting_ticket_waiting(run, acme):
    run(*CONVERSATION[:2], {"in_reply_to": B, "headers": [("Auto-Submitted", "auto-replied")], "on": hour(12)})

    with organization_scope(acme):
        assert Ticket.objects.get().state == Ticket.State.PENDING


def test_a_reply_to_what_waited_or_was_done_opens_it_again(run, acme, alice):
    assert run(*CONVERSATION)[2]["reopened"]

    with organization_scope(acme):
        close_ticket(Ticket.objects.get(), by=alice)
    (told,) = run({"in_reply_to": C, "text": "Still open.", "on": hour(13)})

    assert (told["ticket"], told["reopened"]) == (1, True)


def test_history_older_than_what_is_there_wakes_nobody(run, acme, mailbox, alice):
    with organization_scope(acme):
        ticket = arrive(mailbox, references=[A], text="The newest.").ticket
        close_ticket(ticket, by=alice)

    (told,) = run({"message_id": A, "text": "The oldest."})

    assert (told["ticket"], told["reopened"]) == (1, False)
    with organization_scope(acme):
        ticket.refresh_from_db()
        assert ticket.is_closed
        assert ticket.snippet == "The newest."


def test_a_stranger_of_long_ago_does_not_join(run):
    told = run(*CONVERSATION[:1], {"sender": "eve@elsewhere.example", "in_reply_to": A})

    assert [(one["ticket"], one["new"]) for one in told] == [(1, True), (2, True)]


def test_machines_that_talked_would_not_be_answered_for_ever(run):
    """The brake counts by the times of the mails, so that history shows what the live desk would do."""
    said = [
        {"in_reply_to": A, "subject": "Re: Door", "text": f"Number {n}", "on": hour(10) + timedelta(minutes=n)}
        for n in range(1, 15)
    ]

    told = run({"message_id": A, "on": hour(10)}, *said)

    assert [one["may_autorespond"] for one in told] == [True] * 10 + [False] * 5


def test_a_flood_of_long_ago_keeps_its_tickets(run, monkeypatch):
    monkeypatch.setattr("tickets.filing.brake.IN_MAILBOX", 3)

    told = run(*[{"subject": f"Order {n}", "text": f"Number {n}"} for n in range(6)])

    assert [one["new"] for one in told] == [True] * 6


def test_mail_that_we_began_is_an_answer_that_waits(run, acme):
    (told,) = run(OURS | {"message_id": B, "subject": "Your order"})

    assert (told["ticket"], told["new"], told["direction"], told["may_autorespond"]) == (1, True, "outbound", False)
    with organization_scope(acme):
        ticket = Ticket.objects.get()
        assert ticket.state == Ticket.State.PENDING
        assert ticket.contact.addresses.get().address == "carol@customer.example"


def test_our_answer_before_the_mail_it_answers_finds_it(run):
    told = run(CONVERSATION[1], CONVERSATION[0], CONVERSATION[2])

    assert {one["ticket"] for one in told} == {1}


def test_what_another_mailbox_of_ours_wrote_to_a_customer_is_an_answer_too(run, acme):
    make_mailbox(acme, address="sales@acme.example")

    told = run(
        {"message_id": A},
        OURS | {"sender": "Sales <sales@acme.example>", "in_reply_to": A, "cc": "help@acme.example"},
        {"sender": "sales@acme.example", "subject": "Lunch"},
    )

    assert [(one["ticket"], one["direction"]) for one in told] == [(1, "inbound"), (1, "outbound"), (2, "inbound")]


def test_a_form_that_mailed_as_us_is_the_persons_mail(run, acme):
    (told,) = run({"sender": "help@acme.example", "headers": [("Reply-To", "Carol <carol@customer.example>")]})

    assert told["direction"] == "inbound"
    with organization_scope(acme):
        assert Ticket.objects.get().contact.addresses.get().address == "carol@customer.example"


def test_what_the_provider_called_forged_is_no_answer_of_ours(run):
    forged = ("Authentication-Results", "mx.google.com; dmarc=fail (p=REJECT dis=REJECT) header.from=acme.example")

    assert run(OURS | {"headers": [forged]})[0]["direction"] == "inbound"


# --- trouble ---------------------------------------------------------------------------------------------------------
def test_what_cannot_be_read_is_quarantined_and_the_next_one_filed(run, acme):
    first, second = run(b"From: carol@customer.example\nSubject: " + b"(" * 300_000 + b"\n\nx\n", {"message_id": A})

    assert (first["quarantined"], second["quarantined"]) == (True, False)
    assert first["error"]
    assert "\n" not in first["error"]
    assert first["ticket"]
    assert second["new"]


def test_a_mail_that_breaks_the_filing_takes_no_other_with_it(run, acme):
    def breaking(incoming, *rest, **more):
        if incoming.mail.subject == "Bad":
            raise ValueError("no")
        return original(incoming, *rest, **more)

    original = receive.build_message
    with patch("tickets.actions.receive.build_message", breaking):
        told = run({"subject": "Good", "message_id": A}, {"subject": "Bad"}, {"subject": "Fine"})

    assert [one["new"] for one in told] == [True, True, True]
    assert [one["error"] for one in told] == [None, "It could not be filed (ValueError).", None]
    with organization_scope(acme):
        assert InboundEmail.objects.quarantined().count() == 1
        assert Ticket.objects.count() == 3


def test_a_file_that_is_not_there_is_one_line(run, mailbox, tmp_path):
    (told,) = lines("--mailbox", mailbox.address, "--json", str(tmp_path / "none.eml"))

    assert set(told) == KEYS
    assert (told["ticket"], told["error"]) == (None, "The file could not be read: No such file or directory.")


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe", b"no header at all", b":\n:\n\n"])
def test_whatever_a_file_holds_it_is_one_line(run, raw):
    (told,) = run(raw)

    assert set(told) == KEYS


def test_a_mailbox_that_is_not_connected_is_refused_with_those_that_are(mailbox, acme):
    make_mailbox(acme, address="old@acme.example", state="disconnected")
    for address in ("nobody@acme.example", "old@acme.example"):
        with pytest.raises(CommandError, match=r"Connected are: help@acme\.example\.") as refusal:
            call_command("import_mail", "--mailbox", address, "x.eml")
        assert refusal.value.returncode == 1


def test_an_address_that_two_companies_connected_needs_the_company(mailbox, globex, acme, tmp_path):
    make_mailbox(globex, address="help@acme.example")
    (tmp_path / "a.eml").write_bytes(dated(message_id=A))

    with pytest.raises(CommandError, match="--organization"):
        lines("--mailbox", mailbox.address, "--json", str(tmp_path / "a.eml"))
    (told,) = lines("--mailbox", mailbox.address, "--organization", "globex", "--json", str(tmp_path / "a.eml"))

    assert told["ticket"] == 1
    with organization_scope(acme):
        assert Ticket.objects.count() == 0


def test_the_address_may_be_written_in_any_case(mailbox, tmp_path):
    (tmp_path / "a.eml").write_bytes(dated(message_id=A))

    (told,) = lines("--mailbox", "HELP@Acme.Example", "--json", str(tmp_path / "a.eml"))

    assert told["ticket"] == 1


def test_a_mailbox_that_is_disconnected_meanwhile_ends_the_import(run, acme, mailbox, monkeypatch):
    monkeypatch.setattr(import_mail, "BATCH_MAILS", 1)
    real = import_mail.Importer.take

    def then_disconnected(self, batch):
        told = real(self, batch)
        with organization_scope(acme):
            Mailbox.objects.update(state=Mailbox.State.DISCONNECTED)
        return told

    with (
        patch.object(import_mail.Importer, "take", then_disconnected),
        pytest.raises(CommandError, match="was disconnected"),
    ):
        run({"message_id": A}, {"message_id": C})


def test_without_json_it_counts(mailbox, tmp_path):
    (tmp_path / "a.eml").write_bytes(dated(message_id=A))
    out = StringIO()
    call_command("import_mail", "--mailbox", mailbox.address, str(tmp_path / "a.eml"), "none.eml", stdout=out)

    assert out.getvalue().splitlines() == [
        "none.eml: The file could not be read: No such file or directory.",
        "2 mails: 1 new tickets, 1 with an error",
    ]


def test_old_tickets_are_closed_where_that_is_asked_for(run, acme, mailbox):
    with organization_scope(acme):
        live = arrive(mailbox, message_id="<live@customer.example>", subject="Live").ticket
        InboundEmail.objects.update(received_at=hour(1))
        Ticket.objects.update(last_activity_at=hour(1))
    recent = {"message_id": C, "subject": "Recent", "on": timezone.now() - timedelta(days=1)}

    run({"message_id": A, "subject": "Old"}, recent, options=("--close-old",))

    with organization_scope(acme):
        states = {one.subject: (one.state, one.closed_at) for one in Ticket.objects.all()}
        assert states["Old"] == (Ticket.State.CLOSED, hour(10))
        assert states["Recent"][0] == states["Live"][0] == Ticket.State.OPEN
        assert live.subject == "Live"


def test_history_is_not_what_a_lost_bookmark_is_measured_by(run, acme, mailbox):
    """A sync that begins anew looks back to the newest mail the provider gave, not to what was imported since."""
    from mailbox.models.inbound import IMPORTED

    run({"message_id": A, "on": timezone.now()})

    with organization_scope(acme):
        assert InboundEmail.objects.get().provider_id.startswith(IMPORTED)
        assert InboundEmail.objects.get().is_imported
        assert receive.receive_email(InboundEmail.objects.get()) == Message.objects.get()


def bounce_of(message_id: str) -> bytes:
    return (
        "From: Mail Delivery Subsystem <mailer-daemon@customer.example>\r\nTo: help@acme.example\r\n"
        "Date: Thu, 4 Mar 2021 13:00:00 +0000\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\n"
        "Final-Recipient: rfc822; carol@customer.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: Re: x\r\n\r\n--b--\r\n"
    ).encode()
