"""How the customers' mail programs write: markup, quotes, names of headers, each in its own way."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from deskhero.sample.markup import to_html, to_plain


@dataclass(frozen=True)
class Earlier:
    """A mail that is answered or passed on, as the program shows it below the new text."""

    sender: tuple[str, str]
    to: str
    moment: datetime
    subject: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """What a person wrote, before a program makes a mail of it."""

    text: str
    signature: str
    logo: str
    earlier: Earlier | None
    language: str
    source: Callable[[str], str]  # a picture's file name to its address in the HTML


@dataclass(frozen=True)
class Client:
    """A mail program."""

    name: str
    charset: str
    plain: Callable[[Sheet], str]
    html: Callable[[Sheet], str] | None


_WROTE = {
    "en": "On {date}, {name} <{address}> wrote:",
    "sv": "{date} skrev {name} <{address}>:",
    "nl": "Op {date} schreef {name} <{address}>:",
    "de": "Am {date} schrieb {name} <{address}>:",
}
_HEADER = {
    "en": ("From", "Sent", "To", "Subject"),
    "sv": ("Från", "Skickat", "Till", "Ämne"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
}
_DATE = {
    "en": "%d/%m/%Y, %H:%M",
    "sv": "%Y-%m-%d kl. %H:%M",
    "nl": "%d-%m-%Y om %H:%M",
    "de": "%d.%m.%Y um %H:%M Uhr",
}
_FROM_PHONE = {
    "en": "Sent from my iPhone",
    "sv": "Skickat från min iPhone",
    "nl": "Verstuurd vanaf mijn iPhone",
    "de": "Von meinem iPhone gesendet",
}


def _wrote(sheet: Sheet, earlier: Earlier) -> str:
    date = earlier.moment.strftime(_DATE[sheet.language])
    return _WROTE[sheet.language].format(date=date, name=earlier.sender[0], address=earlier.sender[1])


def _quoted(text: str) -> str:
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in text.splitlines())


def _escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>\n")


def _signed(sheet: Sheet, before: str = "") -> str:
    return f"\n\n{before}{sheet.signature.strip()}" if sheet.signature else ""


# --- A web mail in the browser ---------------------------------------------------------------------------------------
def _web_plain(sheet: Sheet) -> str:
    text = to_plain(sheet.text, picture="[image: {name}]") + _signed(sheet, "-- \n")
    if sheet.earlier:
        text += f"\n\n{_wrote(sheet, sheet.earlier)}\n\n{_quoted(sheet.earlier.text)}"
    return text


def _web_html(sheet: Sheet) -> str:
    body = to_html(sheet.text, lambda line: f"<div>{line}</div>", "<div><br></div>\n", sheet.source)
    quote = ""
    if sheet.earlier:
        quote = (
            '<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
            f"{_escaped(_wrote(sheet, sheet.earlier))}<br></div>"
            '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);'
            f'padding-left:1ex">{_escaped(sheet.earlier.text)}</blockquote></div>'
        )
    return f'<div dir="ltr">{body}</div>{quote}'


# --- An office program ------------------------------------------------------------------------------------------------
def _office_head(sheet: Sheet, earlier: Earlier) -> list[tuple[str, str]]:
    names = _HEADER[sheet.language]
    sender = f"{earlier.sender[0]} <{earlier.sender[1]}>"
    values = (sender, earlier.moment.strftime(_DATE[sheet.language]), earlier.to, earlier.subject)
    return list(zip(names, values, strict=True))


def _office_plain(sheet: Sheet) -> str:
    text = to_plain(sheet.text, picture="[cid:{name}]") + _signed(sheet)
    if sheet.earlier:
        head = "\n".join(f"{name}: {value}" for name, value in _office_head(sheet, sheet.earlier))
        text += f"\n\n{head}\n\n{sheet.earlier.text}"
    return text


def _office_html(sheet: Sheet) -> str:
    body = to_html(sheet.text, lambda line: f'<p class="MsoNormal">{line}</p>', "\n", sheet.source)
    if sheet.signature:
        body += f'\n<p class="MsoNormal" style="color:#444">{_escaped(sheet.signature.strip())}</p>'
    if sheet.logo:
        body += f'\n<p class="MsoNormal"><img src="{sheet.source(sheet.logo)}" width="200" height="48" alt=""></p>'
    if sheet.earlier:
        head = "<br>".join(f"<b>{name}:</b> {_escaped(value)}" for name, value in _office_head(sheet, sheet.earlier))
        body += (
            '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
            f'<p class="MsoNormal">{head}</p></div>\n<p class="MsoNormal">{_escaped(sheet.earlier.text)}</p>'
        )
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><style><!--\n'
        "p.MsoNormal {margin:0cm 0cm 8pt 0cm; font-size:11.0pt; font-family:Calibri,sans-serif;}\n"
        f'--></style></head><body lang="{sheet.language.upper()}"><div class="WordSection1">{body}</div></body></html>'
    )


# --- A desktop computer with an apple on it, and a telephone ----------------------------------------------------------
def _apple_plain(sheet: Sheet) -> str:
    text = to_plain(sheet.text, picture="￼") + _signed(sheet)
    if sheet.earlier:
        text += f"\n\n> {_wrote(sheet, sheet.earlier)}\n> \n{_quoted(sheet.earlier.text)}"
    return text


def _apple_html(sheet: Sheet) -> str:
    body = to_html(sheet.text, lambda line: f"<div>{line}</div>", "<div><br></div>", sheet.source)
    quote = ""
    if sheet.earlier:
        quote = (
            f'<div><br><blockquote type="cite"><div>{_escaped(_wrote(sheet, sheet.earlier))}</div>'
            f'<br class="Apple-interchange-newline"><div>{_escaped(sheet.earlier.text)}</div></blockquote></div>'
        )
    return (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        '<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">'
        f"{body}{quote}</body></html>"
    )


def _phone_plain(sheet: Sheet) -> str:
    text = f"{to_plain(sheet.text, picture='￼')}\n\n{_FROM_PHONE[sheet.language]}"
    if sheet.earlier:
        text += f"\n\n> {_wrote(sheet, sheet.earlier)}\n> \n{_quoted(sheet.earlier.text)}"
    return text


def _phone_html(sheet: Sheet) -> str:
    body = to_html(sheet.text, lambda line: f"<div>{line}</div>", "<div><br></div>", sheet.source)
    body += f'<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{_FROM_PHONE[sheet.language]}</div>'
    if sheet.earlier:
        body += (
            '<div dir="ltr"><br><blockquote type="cite">'
            f"{_escaped(_wrote(sheet, sheet.earlier))}<br><br></blockquote></div>"
            f'<blockquote type="cite"><div dir="ltr">{_escaped(sheet.earlier.text)}</div></blockquote>'
        )
    return (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        f'<body dir="auto">{body}</body></html>'
    )


# --- A program for plain text -----------------------------------------------------------------------------------------
def _text_plain(sheet: Sheet) -> str:
    text = to_plain(sheet.text) + _signed(sheet, "-- \n")
    interleaved = sheet.text.lstrip().startswith(">")  # the writer quoted what is answered already
    if sheet.earlier:
        wrote = _wrote(sheet, sheet.earlier)
        text = f"{wrote}\n{text}" if interleaved else f"{wrote}\n{_quoted(sheet.earlier.text)}\n\n{text}"
    return text


# --- A machine that sends letters -------------------------------------------------------------------------------------
def _letter_html(sheet: Sheet) -> str:
    body = to_html(
        sheet.text, lambda line: f'<p style="margin:0 0 14px;line-height:1.5">{line}</p>', "\n", sheet.source
    )
    return (
        '<html><body style="margin:0;background:#eee">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0">'
        '<tr><td align="center"><table role="presentation" width="600" cellpadding="24" cellspacing="0" '
        'style="background:#ffffff;font-family:Arial,sans-serif;font-size:15px;color:#222222"><tr><td>'
        f"{body}</td></tr></table></td></tr></table></body></html>"
    )


CLIENTS = {
    "gmail": Client("", "utf-8", _web_plain, _web_html),
    "outlook": Client("Microsoft Outlook 16.0", "iso-8859-1", _office_plain, _office_html),
    "apple": Client("Apple Mail (2.3774.600.62)", "utf-8", _apple_plain, _apple_html),
    "phone": Client("iPhone Mail (22F76)", "utf-8", _phone_plain, _phone_html),
    "thunderbird": Client("Mozilla Thunderbird", "utf-8", _text_plain, None),
    "letter": Client("Brevduva 4.2", "utf-8", lambda sheet: to_plain(sheet.text), _letter_html),
}
