"""The question an application puts to a person: an authorization request."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, urlencode

from django.conf import settings


class BadRequest(Exception):
    """A request so wrong that nobody may be sent back: it is shown to the person instead."""

    def __init__(self, error: str, sentence: str) -> None:
        super().__init__(sentence)
        self.error, self.sentence = error, sentence


@dataclass
class Asked:
    """An authorization request whose client and redirect address were checked."""

    provider: str
    query: str
    client_id: str
    redirect_uri: str
    scopes: list[str]
    state: str | None
    login_hint: str
    prompt: str
    offline: bool
    include_granted: bool
    challenge: str
    nonce: str
    response_mode: str

    @classmethod
    def read(cls, provider: str, query: str) -> Self:
        """Read the query of the authorization address; raises BadRequest."""
        sent = {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
        if sent.get("client_id") != settings.CLIENTS[provider][0]:
            raise BadRequest("invalid_client", "This application is not registered here.")
        redirect_uri = sent.get("redirect_uri", "")
        if redirect_uri not in settings.REDIRECT_URIS:
            raise BadRequest("redirect_uri_mismatch", f"The address to return to is not registered: {redirect_uri}")
        if sent.get("response_type") != "code":
            raise BadRequest("unsupported_response_type", "Only response_type=code is answered.")
        if sent.get("code_challenge") and sent.get("code_challenge_method") != "S256":
            raise BadRequest("invalid_request", "Only code_challenge_method=S256 is taken.")
        scopes = list(dict.fromkeys(sent.get("scope", "").split()))
        if not scopes:
            raise BadRequest("invalid_request", "Missing required parameter: scope")
        return cls(
            provider=provider,
            query=query,
            client_id=sent["client_id"],
            redirect_uri=redirect_uri,
            scopes=scopes,
            state=sent.get("state"),
            login_hint=sent.get("login_hint", "").lower(),
            prompt=sent.get("prompt", ""),
            offline=sent.get("access_type") == "offline",
            include_granted=sent.get("include_granted_scopes") == "true",
            challenge=sent.get("code_challenge", ""),
            nonce=sent.get("nonce", ""),
            response_mode=sent.get("response_mode", "query"),
        )

    def back(self, **answer: str) -> str:
        """The address that carries an answer back, with the state as it came."""
        if self.state is not None:
            answer["state"] = self.state
        return self.redirect_uri + ("&" if "?" in self.redirect_uri else "?") + urlencode(answer)
