"""Walk the consent pages as a browser would, without one: read the form, tick, press, stop at the way back."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin

import requests


class ConsentFailed(Exception):
    """The page offered no way on; the text is what it said."""


class FormReader(HTMLParser):
    """The first form of a page: its action and its fields, and the page's text."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: list[tuple[str, str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form and what it carries."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form" and self.action is None:
            self.action = found.get("action", "")
        if tag == "input" and found.get("name"):
            self.fields.append((found.get("type", "text"), found["name"], found.get("value", "")))

    def handle_data(self, data: str) -> None:
        """Keep the words, for an error."""
        self.text.append(data)


def walk_consent(
    session: requests.Session, url: str, address: str, *, grant: list[str] | None = None, refuse: bool = False
) -> str:
    """The address the provider sends the person back to, code or error included."""
    page = _read(session, session.get(url, timeout=60, allow_redirects=False))
    if isinstance(page, str):
        return page
    body: list[tuple[str, str]] = [(name, value) for kind, name, value in page.fields if kind == "hidden"]
    ticked = [value for kind, name, value in page.fields if kind == "checkbox" and name == "scope"]
    body += [("scope", scope) for scope in ticked if grant is None or _named(scope, grant)]
    body += [("account", address), ("decision", "refuse" if refuse else "allow")]
    response = session.post(urljoin(url, page.action), data=body, timeout=60, allow_redirects=False)
    answer = _read(session, response)
    if isinstance(answer, str):
        return answer
    # response_mode=form_post: the fields travel in a form of their own
    fields = {name: value for kind, name, value in answer.fields if kind == "hidden"}
    if response.status_code >= 400 or not {"code", "error"} & set(fields):
        raise ConsentFailed(" ".join(" ".join(answer.text).split()))
    return f"{answer.action}?{urlencode(fields)}"


def _named(scope: str, grant: list[str]) -> bool:
    return any(scope == name or scope.endswith(f"/{name}") for name in grant)


def _read(session: requests.Session, response: requests.Response) -> Any:
    if response.status_code in (302, 303):
        return response.headers["Location"]
    page = FormReader()
    page.feed(response.text)
    if page.action is None:
        raise ConsentFailed(" ".join(" ".join(page.text).split()))
    return page
