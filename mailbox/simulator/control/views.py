"""The control API's answers."""

import base64
from datetime import UTC
from typing import Any

from django.db import transaction
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from mailbox.simulator import models
from mailbox.simulator.clock import now
from mailbox.simulator.control import serializers as shapes
from mailbox.simulator.control.routes import ROUTES
from mailbox.simulator.mail import store
from mailbox.simulator.mail.transport import arrive
from mailbox.simulator.models import Account, Call, Fault, Grant, Message, Option, ServiceMail
from mailbox.simulator.models.mail import FIRST_ID
from mailbox.simulator.oauth.codes import revoke


def checked(serializer: Any) -> dict[str, Any]:
    """The valid data, or a 400 that says what is wrong."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def account_of(address: str) -> Account:
    """The account of an address, or 404."""
    found = Account.objects.filter(address=address.strip().lower()).first()
    if found is None:
        raise NotFound("No account has this address.")
    return found


def mail_row(message: Message) -> dict[str, Any]:
    """A stored mail as tests see it."""
    return {
        "id": message.key,
        "thread_id": message.thread_key,
        "message_id": message.internet_message_id,
        "labels": message.label_list,
        "at": message.received_at.astimezone(UTC).isoformat(),
        "raw": base64.b64encode(message.raw).decode(),
    }


@api_view(["GET", "POST"])
def accounts(request: Request) -> Response:
    """List accounts, or make one; making the same again returns it unchanged."""
    if request.method == "GET":
        return Response(shapes.AccountSerializer(Account.objects.order_by("address"), many=True).data)
    data = checked(shapes.AccountSerializer(data=request.data))
    account, made = Account.objects.get_or_create(address=data.pop("address"), defaults=data)
    return Response(shapes.AccountSerializer(account).data, status=201 if made else 200)


@api_view(["GET", "PATCH"])
def account(request: Request, address: str) -> Response:
    """One account, or a change to it: disabled, MFA needed, other sender addresses."""
    found = account_of(address)
    if request.method == "PATCH":
        form = shapes.AccountChangeSerializer(found, data=request.data, partial=True)
        checked(form)
        form.save()
    return Response(shapes.AccountSerializer(found).data)


@api_view(["POST"])
def deliver(request: Request) -> Response:
    """Let one mail or a list of mails arrive, all or none."""
    many = isinstance(request.data, list)
    serializer = shapes.DeliverySerializer(data=request.data, many=many)
    checked(serializer)
    entries: Any = serializer.validated_data if many else [serializer.validated_data]
    with transaction.atomic():
        arrived = [_arrive(entry) for entry in entries]
    rows = [{"id": mail.key, "thread_id": mail.thread_key} for mail in arrived]
    return Response(rows if many else rows[0], status=201)


def _arrive(entry: dict[str, Any]) -> Message:
    return arrive(
        entry["address"],
        entry["raw"],
        labels=entry["labels"],
        received_at=entry["received_at"],
        sent_copy=entry["sent_copy"],
    )


@api_view(["GET"])
def mailbox(request: Request, address: str) -> Response:
    """The mails of an account, oldest first; ?label=SENT narrows."""
    mails = Message.objects.filter(account=account_of(address)).select_related("original").order_by("pk")
    if label := request.query_params.get("label"):
        mails = mails.labelled(label)
    return Response([mail_row(mail) for mail in mails])


@api_view(["GET", "PATCH", "DELETE"])
def message(request: Request, address: str, key: str) -> Response:
    """One mail of an account: read it, label or move it, give a draft new content, delete it for good."""
    number = int(key, 16) - FIRST_ID if all(char in "0123456789abcdef" for char in key) else 0
    found = Message.objects.select_related("original").filter(account=account_of(address), pk=number).first()
    if found is None:
        raise NotFound("No mail has this id.")
    if request.method == "DELETE":
        store.remove(found)
        return Response(status=204)
    if request.method == "PATCH":
        data = checked(shapes.LabelsSerializer(data=request.data))
        if data["add"] or data["remove"]:
            store.relabel(found, add=data["add"], remove=data["remove"])
        if "folder" in data:
            store.move(found, data["folder"])
        if "raw" in data:
            store.rewrite(found, data["raw"])
    return Response(mail_row(found))


@api_view(["GET"])
def calls(request: Request) -> Response:
    """What was asked of the providers, oldest first; ?after=ID, ?route= and ?account= narrow."""
    found = Call.objects.order_by("pk").filter(pk__gt=int(request.query_params.get("after", "0")))
    for name in ("route", "account"):
        if value := request.query_params.get(name):
            found = found.filter(**{name: value})
    fields = ("id", "at", "route", "method", "path", "account", "status", "fault")
    return Response(list(found.values(*fields)))


@api_view(["GET", "POST", "DELETE"])
def faults(request: Request) -> Response:
    """Order trouble, see what is still waiting, or call all of it off."""
    if request.method == "DELETE":
        Fault.objects.all().delete()
        return Response(status=204)
    if request.method == "POST":
        data = checked(shapes.FaultSerializer(data=request.data))
        retry_after, times = data.pop("retry_after"), data.pop("times")
        if retry_after is not None:
            data["headers"] = {**data["headers"], "Retry-After": str(retry_after)}
        fault = Fault.objects.create(remaining=times, **{**data, "account": data["account"].lower()})
        return Response({"id": fault.pk}, status=201)
    return Response(list(Fault.objects.filter(remaining__gt=0).values("id", "route", "account", "remaining", "status")))


@api_view(["GET"])
def routes(request: Request) -> Response:
    """The names of the routes."""
    return Response(sorted(ROUTES))


@api_view(["POST"])
def revoke_grants(request: Request) -> Response:
    """End every grant of an account, as its owner would at the provider."""
    data = checked(shapes.RevokeSerializer(data=request.data))
    live = list(Grant.objects.filter(account=account_of(data["address"]), revoked_at=None))
    for grant in live:
        revoke(grant, data["reason"])
    return Response({"revoked": len(live)})


@api_view(["POST"])
def expire_history(request: Request) -> Response:
    """Forget Gmail history up to now: older history ids are answered 404."""
    found = account_of(checked(shapes.AddressSerializer(data=request.data))["address"])
    found.begin_history()
    return Response({"history_floor": found.history_floor})


@api_view(["POST"])
def invalidate_delta(request: Request) -> Response:
    """Make every delta token of an account useless: 410 from now on."""
    found = account_of(checked(shapes.AddressSerializer(data=request.data))["address"])
    found.delta_epoch += 1
    found.save(update_fields=["delta_epoch"])
    return Response({"delta_epoch": found.delta_epoch})


@api_view(["GET", "PATCH"])
def options(request: Request) -> Response:
    """How the simulator behaves."""
    if request.method == "PATCH":
        for name, value in checked(shapes.OptionsSerializer(data=request.data)).items():
            Option.write(name, value)
    return Response(Option.all_values())


@api_view(["GET", "POST"])
def clock(request: Request) -> Response:
    """What time it is; POST lets time pass."""
    if request.method == "POST":
        ahead = checked(shapes.ClockSerializer(data=request.data))["advance_seconds"]
        Option.write("clock_offset_seconds", Option.read("clock_offset_seconds") + ahead)
    return Response({"now": now().isoformat()})


@api_view(["GET"])
def service_mail(request: Request) -> Response:
    """Mail that came over SMTP, oldest first; ?address= narrows."""
    found = ServiceMail.objects.order_by("pk")
    if address := request.query_params.get("address"):
        found = found.filter(recipient=address.lower())
    fields = ("id", "at", "sender", "recipient", "subject", "text")
    return Response(list(found.values(*fields)))


@api_view(["POST"])
def reset(request: Request) -> Response:
    """Forget everything: accounts, mail, grants, faults, options, calls."""
    checked(shapes.NothingSerializer(data=request.data))  # a form of a foreign page is not JSON
    with transaction.atomic():
        for name in reversed(models.__all__):
            getattr(models, name).objects.all().delete()
    Option.forget()
    return Response(status=204)
