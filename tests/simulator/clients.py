"""The real client libraries, wired to the simulator as a product would."""

import json
import os
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httplib2
import msal
import requests
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp, Request
from google_auth_oauthlib.flow import Flow
from googleapiclient import discovery_cache
from googleapiclient.discovery import build_from_document

from mailbox.simulator.client import Simulator

CALLBACK = "https://desk.example/oauth/callback"
GMAIL = "https://www.googleapis.com/auth/gmail."
GOOGLE_SCOPES = [GMAIL + "readonly", GMAIL + "send"]
GRAPH_SCOPES = ["User.Read", "Mail.ReadWrite", "Mail.Send"]

os.environ.setdefault("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")


def mail(
    subject: str = "Hello", *, to: str = "help@acme.example", sender: str = "Carol <carol@post.example>", **more: Any
) -> bytes:
    """A small mail; more: text, message_id, answers, attachment, headers."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = more.get("message_id", f"<{abs(hash((subject, to, sender)))}@post.example>")
    if answers := more.get("answers"):
        message["In-Reply-To"] = message["References"] = answers
    for name, value in more.get("headers", {}).items():
        message[name] = value
    message.set_content(more.get("text", "Hello there.\n"))
    if attachment := more.get("attachment"):
        message.add_attachment(attachment, maintype="application", subtype="pdf", filename="file.pdf")
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def answer_of(url: str) -> dict[str, str]:
    """What a provider put into the address it sent the person back to."""
    return dict(parse_qsl(urlsplit(url).query))


class Google:
    """google-auth-oauthlib, google-auth and google-api-python-client."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator, self.names = simulator, simulator.environment
        self.opened: list[Any] = []

    def close(self) -> None:
        """Close every connection that was opened."""
        for entry in self.opened:
            entry.close()

    def http(self) -> httplib2.Http:
        """httplib2 that trusts the simulator and leaves 308 to the upload."""
        http = httplib2.Http(timeout=30, ca_certs=self.names["PROVIDER_CA_BUNDLE"])
        http.redirect_codes = http.redirect_codes - {308}
        self.opened.append(http)
        return http

    def flow(self, scopes: list[str] | None = None, **more: Any) -> Flow:
        """A consent flow as the product builds it."""
        client = {
            "client_id": self.names["GOOGLE_CLIENT_ID"],
            "client_secret": more.pop("secret", self.names["GOOGLE_CLIENT_SECRET"]),
            "auth_uri": self.names["GOOGLE_AUTH_URI"],
            "token_uri": self.names["GOOGLE_TOKEN_URI"],
        }
        config = {"web": client}
        flow = Flow.from_client_config(config, scopes=scopes or GOOGLE_SCOPES, redirect_uri=CALLBACK, **more)
        self.opened.append(flow.oauth2session)
        return flow

    def consent(self, address: str = "help@acme.example", **more: Any) -> Credentials:
        """Credentials after a whole consent; more goes to the authorization address."""
        walk = {name: more.pop(name) for name in ("grant", "refuse") if name in more}
        flow = self.flow(more.pop("scopes", None))
        url, _ = flow.authorization_url(**{"prompt": "consent", "login_hint": address, **more})
        back = self.simulator.consent(url, address, **walk)
        flow.fetch_token(authorization_response=back, verify=self.names["PROVIDER_CA_BUNDLE"])
        return flow.credentials

    def service(self, credentials: Credentials | None = None) -> Any:
        """Gmail, from the patched discovery document."""
        document = json.loads(discovery_cache.get_static_doc("gmail", "v1"))
        document["rootUrl"] = document["baseUrl"] = self.names["GMAIL_API_ROOT"] + "/"
        document.pop("mtlsRootUrl", None)
        return build_from_document(document, http=AuthorizedHttp(credentials or self.consent(), http=self.http()))

    def request(self) -> Any:
        """google-auth's transport, for a refresh."""
        return Request(self.http())

    def post(self, name: str, **body: str) -> requests.Response:
        """A form posted to an endpoint by hand."""
        return self.simulator.session.post(self.names[name], data=body, timeout=30)


class Microsoft:
    """msal and requests."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator, self.names = simulator, simulator.environment
        self.root = self.names["GRAPH_API_ROOT"]
        self.cache = msal.SerializableTokenCache()
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = simulator.ca_bundle

    def app(self, **more: Any) -> msal.ConfidentialClientApplication:
        """A fresh msal application over the same cache."""
        return msal.ConfidentialClientApplication(
            self.names["MICROSOFT_CLIENT_ID"],
            more.get("secret", self.names["MICROSOFT_CLIENT_SECRET"]),
            authority=self.names["MICROSOFT_AUTHORITY"],
            http_client=self.session,
            token_cache=self.cache,
            instance_discovery=False,
        )

    def consent(self, address: str = "support@acme.example", **walk: Any) -> dict[str, Any]:
        """What msal returns after a whole consent."""
        app = self.app()
        flow = app.initiate_auth_code_flow(GRAPH_SCOPES, redirect_uri=CALLBACK, login_hint=address)
        back = self.simulator.consent(flow["auth_uri"], address, **walk)
        return app.acquire_token_by_auth_code_flow(flow, answer_of(back))

    def silent(self, **more: Any) -> dict[str, Any]:
        """What msal returns without asking the person."""
        app = self.app()
        return app.acquire_token_silent_with_error(GRAPH_SCOPES, app.get_accounts()[0], **more)

    def sign_in(self, **walk: Any) -> "Microsoft":
        """Consent and send the bearer token with every call from now on."""
        self.session.headers["Authorization"] = "Bearer " + self.consent(**walk)["access_token"]
        self.session.headers["Prefer"] = 'IdType="ImmutableId"'
        return self

    def get(self, path: str, **more: Any) -> requests.Response:
        """A GET below the root, or of a whole address."""
        return self.session.get(path if path.startswith("http") else self.root + path, timeout=30, **more)

    def post(self, path: str, **more: Any) -> requests.Response:
        """A POST below the root."""
        return self.session.post(self.root + path, timeout=30, **more)
