"""The customer's mail program: list, thread, write, answer."""

from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mailbox.simulator.clock import now
from mailbox.simulator.mail.ready import KINDS, ready_mail
from mailbox.simulator.mail.store import relabel
from mailbox.simulator.mail.transport import NoRecipients, arrive, send
from mailbox.simulator.mail.writing import Letter, compose
from mailbox.simulator.models import Account, Message
from mailbox.simulator.pages.forms import PersonForm, ReadyForm, WriteForm
from mailbox.simulator.pages.guide import guide
from mailbox.simulator.pages.reading import shown, threads

PEOPLE_SHOWN = 8


def customers() -> Any:
    """Everybody a newcomer can be, who was active last first."""
    people = Account.objects.filter(provider=Account.Provider.CUSTOMER)
    unread = Count("messages", filter=Q(messages__labels__contains=" UNREAD "))
    return people.annotate(last=Max("messages__received_at"), unread=unread).order_by("-last", "-pk")


def person(number: int) -> Account:
    """The customer of a page, or 404."""
    return get_object_or_404(Account, pk=number, provider=Account.Provider.CUSTOMER)


def companies() -> Any:
    """The mailboxes one can write to."""
    return Account.objects.exclude(provider=Account.Provider.CUSTOMER).order_by("address")


def page(request: HttpRequest, me: Account | None, template: str, status: int = 200, **more: Any) -> HttpResponse:
    """A page of the mail program with its surroundings."""
    everybody = list(customers()[: PEOPLE_SHOWN + 1])
    people = everybody[:PEOPLE_SHOWN]
    if me and me not in people:
        people = [*customers().filter(pk=me.pk), *people[: PEOPLE_SHOWN - 1]]
    folder = "SENT" if request.GET.get("folder") == "sent" else "INBOX"
    shared = {
        "me": me,
        "people": people,
        "more_people": len(everybody) > PEOPLE_SHOWN,
        "companies": companies(),
        "kinds": [(kind, words, icon) for kind, (words, icon) in KINDS.items()],
        "folder": folder,
        "threads": threads(me, folder) if me else [],
        "guide": guide(me) if me else None,
        "desk_url": settings.DESK_URL,
        "today": now(),
    }
    return render(request, f"simulator/{template}.html", {**shared, **more}, status=status)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The customer who was active last, or the way to make one."""
    latest = customers().first()
    return redirect("inbox", latest.pk) if latest else page(request, None, "people", everybody=[], form=PersonForm())


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Everybody one can be; a form makes one more."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made, _ = Account.objects.get_or_create(
            address=data["address"], defaults={"provider": "customer", "name": data["name"], "note": data["note"]}
        )
        return redirect("inbox", made.pk)
    status = 400 if form.errors else 200
    return page(request, None, "people", status, everybody=customers()[:500], form=form)


@require_safe
def inbox(request: HttpRequest, number: int) -> HttpResponse:
    """The list; it looks for new mail by itself."""
    return page(request, person(number), "inbox")


@require_safe
def thread(request: HttpRequest, number: int, thread: int) -> HttpResponse:
    """The mails of a thread, newest first; opening marks them read."""
    return show_thread(request, person(number), thread)


def show_thread(request: HttpRequest, me: Account, thread: int, form: WriteForm | None = None) -> HttpResponse:
    """A thread with the form to answer, as it was filled in when it was refused."""
    mails = list(Message.objects.filter(account=me, thread=thread).select_related("original").newest_first())
    if not mails:
        return redirect("inbox", me.pk)
    for mail in mails:
        if mail.has("UNREAD"):
            relabel(mail, remove=["UNREAD"])
    latest = next((mail for mail in mails if mail.has("INBOX")), mails[0])
    if form is None:
        form = WriteForm(initial=answer_to(me, latest))
    return page(
        request,
        me,
        "thread",
        400 if form.errors else 200,
        mails=[shown(mail) for mail in mails],
        subject=mails[-1].subject,
        current=thread,
        latest=latest,
        form=form,
    )


def answer_to(me: Account, mail: Message) -> dict[str, str]:
    """To, Cc and subject of an answer to everybody."""
    if mail.has("INBOX"):
        to, others = (
            [(mail.sender_name, mail.sender_address)],
            mail.recipients.get("to", []) + mail.recipients.get("cc", []),
        )
    else:
        to, others = mail.recipients.get("to", []), mail.recipients.get("cc", [])
    taken = {me.address, *(at.lower() for _, at in to)}
    cc = [(name, at) for name, at in others if at.lower() not in taken]
    subject = mail.subject if mail.subject.lower().startswith(("re:", "sv:", "aw:")) else f"Re: {mail.subject}"
    return {"to": ", ".join(at for _, at in to), "cc": ", ".join(at for _, at in cc), "subject": subject}


@require_POST
def answer(request: HttpRequest, number: int, thread: int) -> HttpResponse:
    """Send an answer to the newest mail of the thread."""
    me = person(number)
    form = WriteForm(request.POST, request.FILES)
    mails = Message.objects.filter(account=me, thread=thread).newest_first()
    latest = mails.labelled("INBOX").first() or mails.first()
    if latest is None or not form.is_valid() or not dispatch(me, form, latest):
        return show_thread(request, me, thread, form)
    return redirect("thread", me.pk, thread)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, number: int) -> HttpResponse:
    """Write a new mail."""
    me = person(number)
    form = WriteForm(request.POST or None, request.FILES or None, initial={"to": request.GET.get("to", "")})
    if request.method == "POST" and form.is_valid() and (sent := dispatch(me, form, None)):
        return redirect("thread", me.pk, sent.thread)
    return page(request, me, "write", 400 if form.errors else 200, form=form)


def dispatch(me: Account, form: WriteForm, answers: Message | None) -> Message | None:
    """Send what the form holds; on refusal the form says why."""
    data = form.cleaned_data
    letter = Letter(
        to=data["to"],
        cc=data["cc"],
        subject=data["subject"],
        text=data["text"],
        as_html=data["kind"] == "html",
        files=data["attachments"],
        answers=answers,
        quote_like=data["quote_like"] or "gmail",
    )
    try:
        return send(me, compose(me, letter))
    except (NoRecipients, ValueError, UnicodeError):
        form.add_error("to", "Mail cannot be sent to this address.")
        return None


@require_POST
def send_ready(request: HttpRequest, number: int) -> HttpResponse:
    """Send one of the ready mails."""
    me, form = person(number), ReadyForm(request.POST)
    if not form.is_valid():
        return redirect("write", me.pk)
    company = form.cleaned_data["company"]
    arrived = arrive(company, ready_mail(form.cleaned_data["kind"], me, company))
    copy = Message.objects.filter(account=me, original=arrived.original).first()
    return redirect("thread", me.pk, copy.thread) if copy else redirect("inbox", me.pk)
