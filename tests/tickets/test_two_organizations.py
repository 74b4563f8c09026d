"""The same mail at two companies: two desks that never see one another."""

from accounts.tenancy import organization_scope
from tests.factories import make_mailbox
from tests.mails import arrive, write_mail
from tickets.models import Contact, Message, Ticket


def test_one_mail_to_two_companies_is_a_ticket_at_each_with_a_contact_of_its_own(acme, globex):
    raw = write_mail(to="help@acme.example, help@globex.example", message_id="<both@customer.example>")
    found = []
    for organization in (acme, globex):
        mailbox = make_mailbox(organization)
        with organization_scope(organization):
            arrive(mailbox, raw)
            assert Ticket.objects.count() == Message.objects.count() == 1
            assert Ticket.objects.get().number == 1
            found.append(Contact.objects.get().pk)

    assert found[0] != found[1]


def test_an_answer_at_one_company_does_not_join_the_others_thread(acme, globex):
    mailboxes = {organization: make_mailbox(organization) for organization in (acme, globex)}
    with organization_scope(acme):
        arrive(mailboxes[acme], message_id="<a@customer.example>")
    with organization_scope(globex):
        message = arrive(mailboxes[globex], in_reply_to="<a@customer.example>")

        assert message.ticket.related_to is None
        assert not message.ticket.is_unverified
