"""Graph: send a mail at once, send a draft, make a reply."""

from django.http import HttpResponse, JsonResponse

from mailbox.simulator.mail.reading import editable
from mailbox.simulator.mail.store import keep
from mailbox.simulator.mail.transport import NoRecipients, SendAsDenied
from mailbox.simulator.mail.transport import send as send_mail
from mailbox.simulator.microsoft import composing, ids
from mailbox.simulator.microsoft.errors import refuse
from mailbox.simulator.microsoft.gateway import SEND, WRITE, GraphRequest, graph
from mailbox.simulator.microsoft.shapes import message_row
from mailbox.simulator.models import Account, Message, Option
from mailbox.simulator.request_bodies import json_body

SILENTLY_DROPPED_ABOVE = 2_200_000
MOST_BYTES = 150 * 1024 * 1024


def deliver(account: Account, raw: bytes, draft: Message | None = None) -> None:
    """Send, or refuse as Graph does."""
    if len(raw) > MOST_BYTES:
        refuse(400, "ErrorMessageSizeExceeded", "The message exceeds the maximum supported size.")
    try:
        send_mail(account, raw, draft=draft)
    except SendAsDenied:
        sentence = (
            "The user account which was used to submit this request does not have the right to send mail on behalf "
        )
        refuse(403, "ErrorSendAsDenied", sentence + "of the specified sending account.")
    except NoRecipients:
        refuse(400, "ErrorInvalidRecipients", "At least one recipient is needed.")


@graph(POST=SEND)
def send_now(request: GraphRequest) -> HttpResponse:
    """sendMail: MIME or JSON, answered 202 without an id."""
    if request.content_type == "text/plain":
        raw = composing.mime_of(request.body)
        if Option.read("drop_large_mime") and len(raw) > SILENTLY_DROPPED_ABOVE:
            return HttpResponse(status=200)
        raw = composing.with_sender(request.account, raw)
    else:
        body = json_body(request)
        if not isinstance(body.get("message"), dict):
            refuse(400, "ErrorInvalidRequest", "The Message parameter is missing.")
        raw = composing.from_json(request.account, body["message"])
    deliver(request.account, raw)
    return HttpResponse(status=202)


@graph(POST=SEND)
def send_draft(request: GraphRequest, key: str) -> HttpResponse:
    """Send a draft; the Sent copy keeps its immutable id."""
    draft = ids.find(request.account, key)
    if not draft.has("DRAFT"):
        refuse(400, "ErrorInvalidRequest", "Only a draft can be sent.")
    deliver(request.account, draft.raw, draft)
    return HttpResponse(status=202)


def _reply(request: GraphRequest, key: str, everybody: bool) -> HttpResponse:
    message, body = ids.find(request.account, key), json_body(request)
    raw = composing.reply_to(request.account, message, everybody, str(body.get("comment", "")))
    if isinstance(body.get("message"), dict):
        reply = editable(raw)
        composing.apply_json(reply, body["message"])
        raw = reply.as_bytes()
    return JsonResponse(message_row(request, keep(request.account, raw, ["DRAFT"])), status=201)


@graph(POST=WRITE)
def create_reply(request: GraphRequest, key: str) -> HttpResponse:
    """A draft that answers the sender."""
    return _reply(request, key, everybody=False)


@graph(POST=WRITE)
def create_reply_all(request: GraphRequest, key: str) -> HttpResponse:
    """A draft that answers everybody."""
    return _reply(request, key, everybody=True)
