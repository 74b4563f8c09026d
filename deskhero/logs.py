"""Log lines without personal data or secrets. Code logs ids; this catches what slips through, tracebacks included."""

import logging
import re
import traceback
from collections.abc import Iterator
from types import TracebackType

ADDRESS = "[address]"
HIDDEN = "[hidden]"
MESSAGE_LENGTH = 300

_NAMES = (
    r"access_token|refresh_token|id_token|client_secret|client_assertion|code_verifier|code_challenge|"
    r"password|passwd|secret|token|api[_-]?key|otp|sessionid|csrfmiddlewaretoken|deskhero_session|deskhero_csrf"
)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # What a database says about a row, and what a broker says about a message, is a value of somebody's.
    (re.compile(r"(?m)\b(DETAIL|CONTEXT|HINT):.*$"), rf"\1: {HIDDEN}"),
    (re.compile(r"(?is)(contents of the message body was:).*?(?=\nTraceback|\nThanks|\Z)"), rf"\1 {HIDDEN}"),
    (re.compile(r"(?i)(\b(?:kw)?args(?:repr)?['\"]?\s*[:=]\s*)[(\[{].*"), rf"\1{HIDDEN}"),
    (re.compile(r"(\bsucceeded in [\d.e-]+s: ).*", re.DOTALL), rf"\1{HIDDEN}"),
    (re.compile(r"(\bTask [\w.]+\[[\w-]+\] [^:\n]+: (?:Retry in [^:\n]+: )?\w+)\([^\n]*"), r"\1"),
    # Headers: quoted as in a dict, or to the end of the line.
    (
        re.compile(r"(?i)((?:proxy-)?authorization|(?:set-)?cookie)(b?['\"]?\s*[:=,]\s*)(b?\"[^\"\n]*\"|b?'[^'\n]*')"),
        rf"\1\2{HIDDEN}",
    ),
    (re.compile(r"(?i)((?:proxy-)?authorization|(?:set-)?cookie)(\s*[:=]\s*)(?!\[hidden\])[^\n]+"), rf"\1\2{HIDDEN}"),
    (re.compile(r"(?i)\bbearer\s+[\w.~+/=-]+"), f"Bearer {HIDDEN}"),
    # Secrets by name, codes and states of a consent by place, tokens by shape.
    (
        re.compile(rf"(?i)\b({_NAMES})(['\"]?\s*[=:]\s*b?['\"]?)(?!\[hidden\])[^\s\"'&,;)}}\]]+"),
        rf"\1\2{HIDDEN}",
    ),
    (re.compile(r"(?i)([?&](?:code|state|key|login_hint|email|q|search)=)[^&\s\"'>]*"), rf"\1{HIDDEN}"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?|\bya29\.[\w.-]+|\b1//[\w-]{10,}"), HIDDEN),
    (re.compile(r"(?<=://)[^/\s@\"']+@"), f"{HIDDEN}@"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{40,}"), HIDDEN),
    # Addresses last: what stands before the @ may be quoted, what follows may be a name without a dot.
    (
        re.compile(
            r"(?:\"[^\"\n@]{1,64}\"|[^\s<>()\[\]\",:;@'\\][^\s<>()\[\]\",:;@\\]{0,127}|'+)"
            r"(?:@|%40)\[?[\w-]+(?:[.:][\w-]+)*\]?"
        ),
        ADDRESS,
    ),
)
_QUOTED = re.compile(r"b?\"[^\"]*\"|b?'(?:[^'\\]|\\.)*'|«[^»]*»|“[^”]*”")


def scrub(text: str) -> str:
    """Return the text without addresses, tokens, header values, message bodies of the broker and row values."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


class ScrubbingFormatter(logging.Formatter):
    """A formatter whose lines hold no address, no secret and no quoted text of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """Format, then scrub the whole: message, arguments, traceback and stack."""
        kept, record.exc_text = record.exc_text, None  # another formatter may have left an unscrubbed one
        try:
            return scrub(super().format(record))
        finally:
            record.exc_text = kept

    def formatException(  # noqa: N802 - the name is the standard library's
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Show where it happened and what kind it was; of the words, only those the program chose."""
        return "".join(_lines(ei[1], seen=set())).rstrip("\n") if ei[1] else ""


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    if id(error) in seen:
        return
    seen.add(id(error))
    if error.__cause__ is not None:
        yield from _lines(error.__cause__, seen)
        yield "\nThe above exception was the direct cause of the following exception:\n\n"
    elif error.__context__ is not None and not error.__suppress_context__:
        yield from _lines(error.__context__, seen)
        yield "\nDuring handling of the above exception, another exception occurred:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_words(error)}\n"
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield "\nOne of the group:\n"
            yield from _lines(inner, seen)


def _words(error: BaseException) -> str:
    """Return the first line of the message without quoted text, and the names a database gives to what was violated."""
    message = str(error).split("\n", 1)[0][:MESSAGE_LENGTH]
    if not isinstance(error, ImportError):  # it speaks of our own modules
        message = _QUOTED.sub(HIDDEN, message)
    diagnosis = getattr(error, "diag", None)
    names = [getattr(diagnosis, name, None) for name in ("sqlstate", "table_name", "column_name", "constraint_name")]
    return message + (f" ({', '.join(name for name in names if name)})" if any(names) else "")
