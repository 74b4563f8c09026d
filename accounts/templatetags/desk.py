"""Small words of the page language: icons, avatars, moments. Tags, not includes: a queue has hundreds of them."""

import re
from datetime import datetime
from functools import cache
from html import escape
from zlib import crc32

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.addresses import address_of
from deskhero.flattening.folding import constant

register = template.Library()

THEME_COOKIE = "deskhero_theme"  # static/js/theme.js writes it too
SHOWN_AS_WEEKDAY = 6  # days; what is older is called by its date
SHOWN_OF_LINK = 60  # characters of a web address; the link itself is whole
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_WEB = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]", re.IGNORECASE)


@cache
def _icon(name: str, kind: str) -> SafeString:
    classes = f"icon {kind}".strip()
    return format_html(
        '<svg class="{}" width="20" height="20" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        classes,
        static("icons.svg"),
        name,
    )


@register.simple_tag
@constant
def icon(name: str, kind: str = "") -> SafeString:
    """A silent icon; the words beside it say what it means."""
    return _icon(name, kind)


@register.simple_tag
@constant
def logo() -> SafeString:
    """The mark of Deskhero, silent."""
    return format_html(
        '<svg class="mark" width="28" height="28" aria-hidden="true"><use href="{}#i-logo"/></svg>', static("icons.svg")
    )


@register.filter
def hue(name: object) -> str:
    """One of seven quiet hues, the same for the same name every time."""
    return f"h{crc32(str(name).casefold().encode()) % 7 + 1}"


@register.filter
def initials(name: object) -> str:
    """At most two letters for an avatar; an address gives its first letter."""
    words = [word for word in str(name or "").split("@")[0].replace(".", " ").split() if word[:1].isalnum()]
    if not words:
        return "?"
    picked = words[0][:1] if len(words) == 1 else words[0][:1] + words[-1][:1]
    return picked.upper()


@register.simple_tag
def avatar(name: str, kind: str = "", label: str = "") -> SafeString:
    """A face made of letters: round for people outside, square ("agent") for colleagues; silent unless labelled."""
    said = escape(label)
    heard = f'role="img" aria-label="{said}" title="{said}"' if label else 'aria-hidden="true"'
    return mark_safe(  # noqa: S308 - each part was escaped
        f'<span class="avatar {hue(name)} {escape(kind)}" {heard}>{escape(initials(name))}</span>'
    )


@register.simple_tag
def moment(at: datetime | None, kind: str = "short") -> SafeString:
    """A time as people say it. short: 14:02, Mon 14:02, 16 Nov or 16 Nov 2025; long: day and clock; day: no clock."""
    if at is None:
        return mark_safe("")
    zone = timezone.get_current_timezone()
    local, now = at.astimezone(zone), datetime.now(zone)
    days, months, today, written = _calendar(get_language() or "en")
    date = written % {"day": local.day, "month": months[local.month]}
    clock = f"{local.hour:02}:{local.minute:02}"
    age = (now.date() - local.date()).days
    if kind == "short":
        text = clock if age == 0 else f"{days[local.weekday()]} {clock}" if 0 < age < SHOWN_AS_WEEKDAY else date
        text = text if local.year == now.year or age < SHOWN_AS_WEEKDAY else f"{date} {local.year}"
    else:
        day = (
            today
            if age == 0
            else f"{days[local.weekday()]} {date}"
            if local.year == now.year
            else f"{date} {local.year}"
        )
        text = f"{day}, {clock}" if kind == "long" else day
    said = f'<time datetime="{local.isoformat(timespec="minutes")}"'
    if kind != "long":  # which says all there is
        said += f' title="{days[local.weekday()]} {date} {local.year}, {clock}"'
    return mark_safe(f"{said}>{text}</time>")  # noqa: S308


@cache
def _calendar(language: str) -> tuple[dict[int, str], dict[int, str], str, str]:
    """Short names of days and months, the word for today, a day and a month together; once, for lists have hundreds."""
    with override(language):
        days = {number: escape(str(name)) for number, name in WEEKDAYS_ABBR.items()}
        months = {number: escape(_month(str(name), language)) for number, name in MONTHS_3.items()}
        # Translators: a day in a list, such as "16 Nov"; German writes "16. Nov".
        return days, months, escape(_("Today")), escape(_("%(day)s %(month)s"))


def _month(name: str, language: str) -> str:
    return name.title() if language[:2] in {"en", "de"} else name  # most languages write months small


@register.filter
def prose(text: str) -> SafeString:
    """Plain text of a mail as paragraphs; web addresses in it become links that tell nobody where they were found."""
    paragraphs = _PARAGRAPH.split(str(text).replace("\r\n", "\n").strip("\n"))
    return mark_safe("".join(f"<p>{_line_breaks(one)}</p>" for one in paragraphs if one.strip()))  # noqa: S308


def _line_breaks(paragraph: str) -> str:
    parts, end = [], 0
    for found in _WEB.finditer(paragraph) if "://" in paragraph else ():
        address = escape(found[0])
        shown = address if len(found[0]) <= SHOWN_OF_LINK else f"{escape(found[0][:SHOWN_OF_LINK])}…"
        link = f'<a href="{address}" rel="noopener noreferrer nofollow" target="_blank">{shown}</a>'
        parts += [escape(paragraph[end : found.start()]), link]
        end = found.end()
    parts.append(escape(paragraph[end:]))
    return "".join(parts).replace("\n", "<br>")


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """The scheme this browser chose, else the person's own: "light" or "dark"; empty means as the system."""
    request = context.get("request")
    if request is None:
        return ""
    chosen = request.COOKIES.get(THEME_COOKIE) or getattr(getattr(request, "user", None), "theme", "")
    return chosen if chosen in ("light", "dark") else ""


class _Address(URLNode):
    """Django's {% url %}, with addresses worked out once."""

    def render(self, context: template.Context) -> str:
        """Return the address."""
        if self.kwargs or self.asvar:
            return str(super().render(context))
        name, *arguments = (one.resolve(context) for one in (self.view_name, *self.args))
        address = address_of(name, *arguments)
        return str(conditional_escape(address)) if context.autoescape else address


@register.tag
def url(parser: Parser, token: Token) -> _Address:
    """Read it as Django does."""
    found = django_url(parser, token)
    return _Address(found.view_name, found.args, found.kwargs, found.asvar)


@register.filter
def attrs(field: object, given: str) -> SafeString:
    """Render a form field with attributes: {{ form.email|attrs:"class=input large;autocomplete=email" }}."""
    extra = dict(part.split("=", 1) for part in given.split(";"))
    if getattr(field, "errors", None):
        extra["aria-invalid"] = "true"
    return field.as_widget(attrs=extra)  # type: ignore[attr-defined]
