"""Packing: content as the files of an archive."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.sealing.errors import SealingError
from privacy.models import DataSubjectRequest
from privacy.rights.packages.archive import Entry
from privacy.rights.packages.content import Content, Gatherer
from privacy.rights.packages.of_user import user_content
from privacy.rights.packages.portability import Provided, as_csv, as_mbox
from privacy.rights.packages.sheet import periods, sheet_of

Right = DataSubjectRequest.Right


class Packing:
    """One package on its way; `counts` says afterwards what is in it."""

    def __init__(self, request: DataSubjectRequest) -> None:
        """Take the case; nothing is read yet."""
        self.request = request
        self.counts: dict[str, int] = {}

    def entries(self) -> Iterator[Entry]:
        """Yield the files, in the person's language."""
        with translation.override(self.request.language):
            if not self.request.is_of_organization:
                yield from self._of_user()
            elif self.request.right == Right.PORTABILITY:
                yield from self._portable()
            else:
                yield from self._access()

    def _access(self) -> Iterator[Entry]:
        content = Gatherer(self.request).content()
        data = content.data
        mails = sum(len(ticket["messages"]) for ticket in data["tickets"])
        self.counts = {"tickets": len(data["tickets"]), "messages": mails, "files": len(content.files)}
        self.counts["stored"] = len(data["stored_mails"])
        self.counts["lines"] = len(data["access_log"])
        self.counts["redactions"] = len(data["redactions"])
        yield "index.html", [self._page("index", content)]
        yield "article-15.html", [self._page("sheet", content)]
        yield "access-log.html", [self._page("log", content)]
        yield "redactions.html", [self._page("redactions", content)]
        yield "data.json", [_json(data)]
        yield from _attachments(content)

    def _portable(self) -> Iterator[Entry]:
        provided = Provided(self.request)
        content = provided.content()
        self.counts = {"messages": len(content.data["messages"]), "files": len(content.files)}
        yield "data.json", [_json(content.data)]
        yield "messages.csv", [as_csv(content.data)]
        yield "messages.mbox", as_mbox(provided.originals())
        yield from _attachments(content)

    def _of_user(self) -> Iterator[Entry]:
        data = user_content(self.request)
        self.counts = {"places": len(data.get("memberships", []))}
        yield "data.json", [_json(data)]
        if self.request.right == Right.ACCESS:
            yield "index.html", [self._page("user", Content(data))]
            yield "access-log.html", [self._page("log", Content(data))]
            yield "article-15.html", [self._page("sheet", Content(data))]

    def _page(self, name: str, content: Content) -> bytes:
        context = {
            "case": self.request,
            "data": content.data,
            "made_at": timezone.now(),
            "sheet": sheet_of(self.request),
            "periods": periods(),
            "language": self.request.language,
        }
        return render_to_string(f"privacy/package/{name}.html", context).encode()


def _attachments(content: Content) -> Iterator[Entry]:
    for path, attachment in content.files:
        yield path, _readable(attachment.file.read())
    for path, email in content.originals:
        yield path, _readable(email.raw_chunks())


def _readable(pieces: Iterable[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    except (SealingError, FileNotFoundError):  # it went while the package was made
        return


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode()
