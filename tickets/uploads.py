"""Files that agents attach: what cannot go by mail is said when it is chosen, not when it comes back."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts import clamd
from accounts.clamd import Finding
from tickets.actions.attach import NewFile
from tickets.mail.kinds import RUNS, extension_of, kind_of

SHOWN = 80  # characters of a file's name in a sentence
PICTURES = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}


def check_upload(file: UploadedFile) -> str:
    """Decline, by name, a file that mailboxes do not take, or that must not leave: a program, too much, a virus.

    Where a scanner is set up and could not look into it, return a sentence that says so: it is taken all the same.
    """
    name = (file.name or "file")[:SHOWN]
    if (file.size or 0) > settings.MAX_ATTACHMENT_BYTES:
        limit = filesizeformat(settings.MAX_ATTACHMENT_BYTES)
        raise ValidationError(
            _("“%(name)s” is larger than mail can carry: %(limit)s.") % {"name": name, "limit": limit}
        )
    file.seek(0)
    first = file.read(4096)
    file.seek(0)
    if kind_of(first) == "program" or extension_of(file.name or "") in RUNS:
        raise ValidationError(
            _("“%(name)s” is a program. Google and Microsoft refuse mail that carries one.") % {"name": name}
        )
    return _look_for_viruses(file, name) if clamd.is_set_up() else ""


def _look_for_viruses(file: UploadedFile, name: str) -> str:
    try:
        verdict = clamd.scan(file.chunks())
    except clamd.ScannerDown:
        if settings.CLAMD_REQUIRED:
            raise ValidationError(
                _("“%(name)s” was not taken: files cannot be checked for viruses at the moment. Try again in a minute.")
                % {"name": name}
            ) from None
        return _("“%(name)s” could not be checked for viruses yet: the scanner does not answer.") % {"name": name}
    finally:
        file.seek(0)
    if verdict.finding == Finding.INFECTED:
        raise ValidationError(
            _("“%(name)s” was not taken: a virus was found in it, %(virus)s.") % {"name": name, "virus": verdict.virus}
        )
    if verdict.finding == Finding.UNKNOWN:
        return _("“%(name)s” could not be checked for viruses: it is locked or too large.") % {"name": name}
    return ""


def uploaded(file: UploadedFile, *, inline: bool = False) -> NewFile:
    """Return an upload as a file on its way; a picture for the text must be one by its first bytes."""
    content = file.read()
    if not inline:
        return NewFile(file.name or "file", file.content_type or "", content)
    kind = kind_of(content)
    if kind not in PICTURES:
        raise ValidationError(
            _("“%(name)s” cannot stand in the text: only PNG, JPEG, GIF and WebP can.")
            % {"name": (file.name or "file")[:SHOWN]}
        )
    return NewFile(file.name or f"picture.{kind}", PICTURES[kind], content, inline=True)
