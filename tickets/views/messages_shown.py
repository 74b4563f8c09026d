"""The mails of a ticket's page, one after another, as `tickets/_message.html` shows them."""

from collections.abc import Mapping
from typing import Any

from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.requests import DeskRequest
from accounts.templatetags.desk import avatar, moment, prose
from tickets.views.filled import Literal, everywhere
from tickets.views.timeline import Item
from tickets.visible import reveal

# What a template only shows as it is: ids, addresses and sentences of ours, numbers of pixels.
_PLAIN = (
    "id", "label", "author_email", "route", "badge", "quoted_label", "body_url", "paper_height", "frame_title",
    "remote_says", "pictures_url", "source_url", "split_url", "forward_url", "undo_url", "again_url", "rich",
)  # fmt: skip
_QUESTIONS = ("outbound", "designed", "paper_is_cut", "pictures_on")


def show_messages(items: list[Item], asked_query: str, request: DeskRequest, *, can_answer: bool) -> None:
    """Give each mail among the items its `shown`; what its forms send goes back to the page as it was asked for."""
    template = everywhere("tickets/_message.html", "item", get_language())
    same = {"asked_query": asked_query, "can_answer": can_answer, "csrf": get_token(request)}
    for item in items:
        if item.kind == "message":
            item.shown = template.of(same | _values(item, request))


def _values(item: Item, request: DeskRequest) -> dict[str, Any]:
    plain = {name: getattr(item, name) for name in _PLAIN}
    asked = {name: getattr(item, name) for name in _QUESTIONS}
    state = item.delivery["state"] if item.delivery else ""
    return {
        **plain,
        **asked,
        "remote": bool(item.remote),
        "face": avatar(item.author_name, "m agent" if item.outbound else "m"),
        "author": reveal(item.author_name),
        "badge_reason": reveal(item.badge_reason) if item.badge_reason else "",
        "when": moment(item.at, "long"),
        "text": prose(item.text) if item.text else "",
        "added_text": prose(item.added_text) if item.added_text else "",
        "quoted_text": prose(item.quoted_text) if item.quoted_text else "",
        "files": _files(item, request),
        "delivery": Literal(state),
        "delivery_icon": Literal(item.delivery["icon"] if item.delivery else ""),
        "delivery_says": _delivery(item.delivery) if item.delivery else "",
    }


def _files(item: Item, request: DeskRequest) -> str:
    if not item.attachments:
        return ""
    has_form = any(one.get("release_url") for one in item.attachments)
    return render_to_string("tickets/_files.html", {"item": item}, request if has_form else None)


def _delivery(delivery: Mapping[str, Any]) -> SafeString:
    parts = [conditional_escape(delivery["label"]), moment(delivery["at"], "long")]
    parts += [conditional_escape(delivery["reason"])] if delivery["reason"] else []
    return mark_safe(" ".join(filter(None, parts)))  # noqa: S308 - each part was escaped
