"""Which ticket a mail belongs to, and who may join it (LESSONS 10-17, SECURITY 23-24)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.sealing.digests import message_id_digest
from mailbox.message_ids import email_id_of, make_message_id
from mailbox.models import Mailbox, OutboundEmail
from mailbox.signals import mail_left
from tests.factories import make_mailbox
from tests.mails import arrive
from tickets.actions.close import close_ticket
from tickets.actions.reply import send_reply
from tickets.models import Message, ThreadKey, Ticket
from tickets.subjects import is_answer, plain_subject, without_forward

pytestmark = pytest.mark.usefixtures("scope")

EVE = "eve@elsewhere.example"
DAN = "dan@customer.example"
FORGED = ("Authentication-Results", "mx.google.com; dmarc=fail (p=REJECT sp=REJECT dis=REJECT) header.from=x.example")
CONFIRMED = ("Authentication-Results", "mx.google.com; dmarc=pass (p=REJECT) header.from=acme.example")


def closed_long_ago(ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(state="closed", closed_at=timezone.now() - timedelta(days=40))


# --- by the ids a mail names -----------------------------------------------------------------------------------------
def test_an_answer_joins_by_in_reply_to(mailbox):
    first = arrive(mailbox, message_id="<a@customer.example>")

    assert arrive(mailbox, in_reply_to="<a@customer.example>", subject="Something else").ticket == first.ticket


def test_an_answer_joins_by_references_when_in_reply_to_is_lost(mailbox):
    first = arrive(mailbox, message_id="<a@customer.example>")

    second = arrive(mailbox, references=["<a@customer.example>", "<unknown@customer.example>"])

    assert second.ticket == first.ticket


def test_the_newest_id_that_leads_somewhere_decides(mailbox):
    arrive(mailbox, message_id="<old@customer.example>", subject="Door")
    newer = arrive(mailbox, message_id="<new@customer.example>", subject="Window")

    answer = arrive(mailbox, references=["<old@customer.example>", "<new@customer.example>"])

    assert answer.ticket == newer.ticket


def test_in_reply_to_goes_before_what_the_references_say(mailbox):
    named = arrive(mailbox, message_id="<a@customer.example>", subject="Door")
    arrive(mailbox, message_id="<b@customer.example>", subject="Window")

    answer = arrive(mailbox, in_reply_to="<a@customer.example>", references=["<b@customer.example>"])

    assert answer.ticket == named.ticket


def test_two_mails_with_a_common_ancestor_belong_together(mailbox):
    first = arrive(mailbox, references=["<before@customer.example>"], cc=DAN)

    second = arrive(mailbox, sender=DAN, references=["<before@customer.example>"])

    assert second.ticket == first.ticket


def test_a_mail_that_arrives_after_its_answer_joins_it(mailbox):
    answer = arrive(mailbox, in_reply_to="<late@customer.example>", message_id="<b@customer.example>")

    assert arrive(mailbox, message_id="<late@customer.example>").ticket == answer.ticket


def test_everybody_in_copy_who_answers_the_first_mail_joins_it(mailbox):
    first = arrive(mailbox, message_id="<a@customer.example>", cc=f"{DAN}, erin@customer.example")

    for sender in (DAN, "erin@customer.example"):
        assert arrive(mailbox, sender=sender, in_reply_to="<a@customer.example>").ticket == first.ticket


def test_a_colleague_of_the_contact_who_was_brought_in_later_goes_on(mailbox):
    first = arrive(mailbox, message_id="<a@customer.example>")
    arrive(mailbox, message_id="<b@customer.example>", in_reply_to="<a@customer.example>", cc=DAN)

    assert arrive(mailbox, sender=DAN, in_reply_to="<b@customer.example>").ticket == first.ticket


def test_a_mail_without_a_message_id_is_threaded_by_what_it_names(mailbox):
    first = arrive(mailbox, message_id="<a@customer.example>")
    raw = b"From: carol@customer.example\r\nTo: help@acme.example\r\nIn-Reply-To: <a@customer.example>\r\n\r\nYes.\r\n"

    second = arrive(mailbox, raw)

    assert second.ticket == first.ticket
    assert second.message_id_digest is None


def test_two_mails_without_any_id_are_two_tickets(mailbox):
    raw = b"From: carol@customer.example\r\nTo: help@acme.example\r\nSubject: Door\r\n\r\nIt is open.\r\n"

    assert arrive(mailbox, raw).ticket != arrive(mailbox, raw).ticket


# --- strangers -------------------------------------------------------------------------------------------------------
def test_a_stranger_who_names_a_message_id_gets_a_linked_ticket_of_his_own(mailbox):
    first = arrive(mailbox, message_id="<a@customer.example>")

    second = arrive(mailbox, in_reply_to="<a@customer.example>", sender=EVE)

    assert second.ticket != first.ticket
    assert second.ticket.related_to == first.ticket
    assert second.ticket.is_unverified


def test_a_stranger_who_names_an_ancestor_nobody_saw_is_a_stranger_too(mailbox):
    first = arrive(mailbox, references=["<before@customer.example>"])

    second = arrive(mailbox, sender=EVE, references=["<before@customer.example>"])

    assert (second.ticket.related_to, second.ticket.is_unverified) == (first.ticket, True)


def test_a_stranger_draws_nobody_out_of_their_own_conversation(mailbox):
    """He claims the id of the contact's mail, and names the contact in copy so that she takes part in his ticket."""
    first = arrive(mailbox, message_id="<a@customer.example>")
    claim = arrive(mailbox, sender=EVE, in_reply_to="<a@customer.example>", cc="carol@customer.example")

    answer = arrive(mailbox, in_reply_to="<a@customer.example>")

    assert claim.ticket.is_unverified
    assert answer.ticket == first.ticket


def test_a_stranger_who_takes_the_message_id_of_another_mail_draws_nobody_either(mailbox):
    first = arrive(mailbox, message_id="<a@customer.example>")
    arrive(mailbox, sender=EVE, message_id="<a@customer.example>", cc="carol@customer.example", text="Mine.")

    assert arrive(mailbox, in_reply_to="<a@customer.example>").ticket == first.ticket


def test_a_stranger_who_takes_part_in_a_ticket_of_his_own_draws_nobody_into_it(mailbox, alice):
    own = arrive(mailbox, sender=EVE, message_id="<e@elsewhere.example>")
    first = arrive(mailbox, message_id="<a@customer.example>")
    arrive(
        mailbox,
        sender=EVE,
        in_reply_to="<e@elsewhere.example>",
        references=["<a@customer.example>"],
        cc="carol@customer.example",
    )

    answer = arrive(mailbox, in_reply_to="<a@customer.example>")

    assert (answer.ticket, own.ticket.messages.count()) == (first.ticket, 2)


def test_a_stranger_cannot_pile_up_claims_on_one_id(mailbox):
    arrive(mailbox, message_id="<a@customer.example>")
    for number in range(12):
        arrive(mailbox, sender=f"eve{number}@elsewhere.example", in_reply_to="<a@customer.example>")

    digest = message_id_digest(mailbox.organization_id, "<a@customer.example>")
    assert Ticket.objects.filter(is_unverified=True).count() == 12
    assert ThreadKey.objects.filter(digest=digest).count() <= 6


def test_a_mail_whose_domain_calls_it_forged_does_not_speak_for_its_sender(mailbox):
    first = arrive(mailbox, message_id="<a@customer.example>")

    forged = arrive(mailbox, in_reply_to="<a@customer.example>", headers=[FORGED])

    assert forged.ticket != first.ticket
    assert (forged.ticket.related_to, forged.ticket.is_unverified) == (first.ticket, True)


def test_authentication_results_from_anybody_else_mean_nothing(mailbox):
    first = arrive(mailbox, message_id="<a@customer.example>")
    theirs = ("Authentication-Results", "mail.elsewhere.example; dmarc=fail (p=REJECT) header.from=customer.example")

    assert arrive(mailbox, in_reply_to="<a@customer.example>", headers=[theirs]).ticket == first.ticket


def test_a_mail_that_names_no_sender_joins_nothing(mailbox):
    first = arrive(mailbox, b"To: help@acme.example\r\nMessage-ID: <n@x.example>\r\n\r\nWho am I?\r\n")

    second = arrive(mailbox, b"To: help@acme.example\r\nIn-Reply-To: <n@x.example>\r\n\r\nStill nobody.\r\n")

    assert second.ticket != first.ticket


# --- ids of ours -----------------------------------------------------------------------------------------------------
def test_a_colleague_whom_the_contact_forwarded_our_answer_to_joins_by_our_id(mailbox, alice, carol):
    first = arrive(mailbox)
    answer = send_reply(first.ticket, text="Which door?", to=[("Carol", carol)], by=alice)

    third = arrive(mailbox, sender=DAN, in_reply_to=answer.headers["message_id"])

    assert third.ticket == first.ticket
    assert not third.ticket.is_unverified


def test_an_id_of_ours_without_its_keyed_part_proves_nothing(mailbox, alice, carol):
    first = arrive(mailbox)
    ours = send_reply(first.ticket, text="Which door?", to=[("Carol", carol)], by=alice).headers["message_id"]
    forged = ours[:40] + ("0" if ours[40] != "0" else "1") + ours[41:]

    assert arrive(mailbox, sender=EVE, in_reply_to=forged).ticket != first.ticket


def test_an_id_made_for_another_organization_proves_nothing(acme, globex, mailbox):
    ours = make_message_id(acme.pk, mailbox.pk, "acme.example")

    assert email_id_of(acme.pk, ours) == mailbox.pk
    assert email_id_of(globex.pk, ours) is None


def test_the_id_the_provider_gave_our_answer_leads_to_it_and_proves_it(mailbox, alice, carol):
    first = arrive(mailbox)
    answer = send_reply(first.ticket, text="Which door?", to=[("Carol", carol)], by=alice)
    email = OutboundEmail.objects.get(pk=answer.outbound_id)
    email.provider_message_id = "<AM0PR04MB99@eurprd04.provider.example>"
    email.save()
    mail_left.send(sender=OutboundEmail, email=email)

    for sender in ("carol@customer.example", DAN):
        answered = arrive(mailbox, sender=sender, in_reply_to=email.provider_message_id)
        assert answered.ticket == first.ticket


def test_an_answer_that_came_before_the_provider_told_the_id_still_proves_it(mailbox, alice, carol):
    first = arrive(mailbox)
    answer = send_reply(first.ticket, text="Which door?", to=[("Carol", carol)], by=alice)
    ours, theirs = answer.headers["message_id"], "<AM0PR04MB99@eurprd04.provider.example>"
    arrive(mailbox, in_reply_to=theirs, references=[ours])
    email = OutboundEmail.objects.get(pk=answer.outbound_id)
    email.provider_message_id = theirs
    email.save()
    mail_left.send(sender=OutboundEmail, email=email)

    assert arrive(mailbox, sender=DAN, in_reply_to=theirs).ticket == first.ticket


def test_our_answer_sent_on_under_another_name_is_not_taken_for_ours(mailbox, alice, carol):
    """Whoever got our answer knows its id; only From our own address under that id is our answer coming back."""
    first = arrive(mailbox)
    answer = send_reply(first.ticket, text="Which door?", to=[("Carol", carol)], by=alice)

    copy = arrive(mailbox, sender=EVE, message_id=answer.headers["message_id"], text="Look what they write.")

    assert copy is not None
    assert copy.direction == Message.Direction.INBOUND


# --- the provider's thread, and numbers ------------------------------------------------------------------------------
def test_the_providers_thread_joins_when_writer_and_subject_agree(mailbox):
    first = arrive(mailbox, subject="Door", provider_thread_id="t1")

    assert arrive(mailbox, subject="AW: Door", provider_thread_id="t1").ticket == first.ticket
    assert arrive(mailbox, subject="AW: Window", provider_thread_id="t1").ticket != first.ticket
    assert arrive(mailbox, subject="AW: Door", sender=EVE, provider_thread_id="t1").ticket != first.ticket


def test_a_new_mail_under_an_old_subject_is_a_new_ticket_whatever_the_provider_thinks(mailbox):
    first = arrive(mailbox, subject="Order", provider_thread_id="t1")

    assert arrive(mailbox, subject="Order", provider_thread_id="t1").ticket != first.ticket


def test_a_thread_of_another_mailbox_is_another_thread(mailbox, acme):
    other = make_mailbox(acme, address="sales@acme.example")
    first = arrive(mailbox, subject="Door", provider_thread_id="t1")

    second = arrive(other, subject="AW: Door", to="sales@acme.example", provider_thread_id="t1")

    assert second.ticket != first.ticket


def test_a_number_in_the_subject_is_only_a_hint(mailbox):
    first = arrive(mailbox)

    for sender in (EVE, "carol@customer.example"):
        second = arrive(mailbox, subject="About [#1]", sender=sender)
        assert second.ticket != first.ticket
        assert (second.ticket.related_to, second.ticket.is_unverified) == (first.ticket, False)


# --- From that names us ----------------------------------------------------------------------------------------------
def test_a_mail_that_only_claims_to_be_an_agent_never_acts_as_one(mailbox, alice):
    first = arrive(mailbox, message_id="<a@customer.example>")
    close_ticket(first.ticket, by=alice)

    claim = arrive(mailbox, sender=alice.user.email, in_reply_to="<a@customer.example>", text="We pay you back.")

    assert (claim.direction, claim.author) == (Message.Direction.INBOUND, None)
    assert claim.ticket.is_unverified
    assert Ticket.objects.get(pk=first.ticket.pk).is_closed


def test_an_agent_who_takes_part_by_mail_is_a_writer_like_any_other(mailbox, alice):
    first = arrive(mailbox, message_id="<a@customer.example>", cc=alice.user.email)

    answer = arrive(mailbox, sender=alice.user.email, in_reply_to="<a@customer.example>")

    assert answer.ticket == first.ticket
    assert (answer.direction, answer.author) == (Message.Direction.INBOUND, None)


def test_a_mail_that_only_claims_to_be_our_mailbox_joins_nothing(mailbox):
    first = arrive(mailbox, message_id="<a@customer.example>")

    claim = arrive(mailbox, sender="help@acme.example", to="carol@customer.example", in_reply_to="<a@customer.example>")

    assert (claim.direction, claim.kind) == (Message.Direction.INBOUND, "own")
    assert (claim.ticket.related_to, claim.ticket.is_unverified) == (first.ticket, True)


def test_our_answer_from_another_program_is_an_answer_where_the_provider_vouches_for_it(mailbox):
    first = arrive(mailbox, message_id="<a@customer.example>")

    answer = arrive(
        mailbox,
        sender="Help <help@acme.example>",
        to="carol@customer.example",
        cc="help@acme.example",
        in_reply_to="<a@customer.example>",
        message_id="<outlook@acme.example>",
        headers=[CONFIRMED],
    )
    reply = arrive(mailbox, in_reply_to="<outlook@acme.example>")

    assert (answer.ticket, answer.direction, answer.author) == (first.ticket, Message.Direction.OUTBOUND, None)
    assert reply.ticket == first.ticket
    assert not answer.may_autorespond


def test_exchange_vouches_with_a_mark_that_google_does_not_know(mailbox, acme):
    microsoft = make_mailbox(acme, address="post@acme.example", provider=Mailbox.Provider.MICROSOFT)
    mark = ("X-MS-Exchange-Organization-AuthAs", "Internal")
    said = {"sender": "post@acme.example", "to": "carol@customer.example", "headers": [mark]}

    assert arrive(microsoft, **said).direction == Message.Direction.OUTBOUND
    assert arrive(mailbox, **said | {"sender": "help@acme.example"}).direction == Message.Direction.INBOUND


def test_what_we_write_to_ourselves_is_work_not_an_answer(mailbox):
    scan = arrive(mailbox, sender="help@acme.example", to="help@acme.example", headers=[CONFIRMED])

    assert (scan.direction, scan.ticket.state) == (Message.Direction.INBOUND, Ticket.State.OPEN)


# --- long closed -----------------------------------------------------------------------------------------------------
def test_what_follows_a_ticket_closed_long_ago_goes_on_in_the_new_one(mailbox):
    first = arrive(mailbox, message_id="<a@customer.example>")
    closed_long_ago(first.ticket)

    second = arrive(mailbox, in_reply_to="<a@customer.example>", message_id="<b@customer.example>")
    third = arrive(mailbox, in_reply_to="<b@customer.example>", references=["<a@customer.example>"])
    fourth = arrive(mailbox, in_reply_to="<a@customer.example>")

    assert second.ticket != first.ticket
    assert (second.ticket.related_to, second.ticket.is_unverified) == (first.ticket, False)
    assert third.ticket == fourth.ticket == second.ticket


def test_what_answers_us_long_after_the_end_goes_on_in_the_new_ticket_too(mailbox, alice, carol):
    first = arrive(mailbox)
    ours = send_reply(first.ticket, text="Done.", to=[("Carol", carol)], by=alice).headers["message_id"]
    closed_long_ago(first.ticket)

    second = arrive(mailbox, in_reply_to=ours)
    third = arrive(mailbox, in_reply_to=ours)

    assert second.ticket.related_to == first.ticket
    assert third.ticket == second.ticket


def test_an_answer_to_an_older_mail_of_a_long_closed_ticket_finds_its_successor(mailbox):
    """The newer mail did not name this one: only the link between the tickets says where the conversation went."""
    first = arrive(mailbox, message_id="<a@customer.example>")
    arrive(mailbox, message_id="<b@customer.example>", in_reply_to="<a@customer.example>")
    closed_long_ago(first.ticket)
    second = arrive(mailbox, in_reply_to="<b@customer.example>")

    assert arrive(mailbox, in_reply_to="<a@customer.example>").ticket == second.ticket


def test_the_window_is_the_organizations_own(mailbox, acme):
    type(acme).objects.update(reopen_days=60)
    first = arrive(mailbox, message_id="<a@customer.example>")
    closed_long_ago(first.ticket)

    assert arrive(mailbox, in_reply_to="<a@customer.example>").ticket == first.ticket


def test_a_ticket_of_a_disconnected_mailbox_goes_on_in_the_mailbox_the_answer_came_to(mailbox, acme):
    other = make_mailbox(acme, address="sales@acme.example")
    first = arrive(mailbox, message_id="<a@customer.example>")
    Mailbox.objects.filter(pk=mailbox.pk).update(state=Mailbox.State.DISCONNECTED)

    second = arrive(other, in_reply_to="<a@customer.example>", to="sales@acme.example")

    assert (second.ticket.mailbox, second.ticket.related_to) == (other, first.ticket)
    assert not second.ticket.is_unverified


# --- subjects --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("subject", "plain"),
    [
        ("Re: Door", "door"), ("AW: WG: Door", "door"), ("SV: Re[2]: Door", "door"), ("Fwd:Door", "door"),
        ("Antw: Door", "door"), ("Request: Door", "request: door"), ("", ""), ("RE : Door", "door"),
        ("[External] Re: Door", "door"), ("Re(3): Door", "door"), ("Odp.: Door", "door"), ("回复：Door", "door"),
        ("R: I: Door", "door"), ("Re: [#12] Door", "door"), ("Re:", "re:"), ("İlt: Door", "door"),
    ],
)  # fmt: skip
def test_subjects_are_compared_without_their_prefixes(subject, plain):
    assert plain_subject(subject) == plain


@pytest.mark.parametrize(
    ("subject", "answers"),
    [("Re: Door", True), ("[External] AW: Door", True), ("Fwd: Door", False), ("Door", False), ("Reply: Door", False)],
)
def test_a_subject_says_whether_it_answers(subject, answers):
    assert is_answer(subject) is answers


@pytest.mark.parametrize(
    ("subject", "before"),
    [("Fwd: Door", "Door"), ("WG: Fwd: Door", "Door"), ("Fwd: Re: Door", "Re: Door"), ("Door", "Door")],
)
def test_a_forward_gives_back_its_subject(subject, before):
    assert without_forward(subject) == before
