"""The consent page: who are you, what do you allow, allow or refuse. Plain forms, no script."""

from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mailbox.simulator.models import Account, Option
from mailbox.simulator.oauth.asked import Asked, BadRequest
from mailbox.simulator.oauth.codes import issue_code
from mailbox.simulator.oauth.scopes import is_identity, is_known, short, words

TITLES = {"google": "Simulated Google", "microsoft": "Simulated Microsoft"}


def read_request(provider: str, query: str) -> Asked:
    """The authorization request with scopes this provider knows; raises BadRequest."""
    asked = Asked.read(provider, query)
    unknown = [scope for scope in asked.scopes if not is_known(provider, scope)]
    if unknown:
        raise BadRequest("invalid_scope", f"Unknown permission: {' '.join(unknown)}")
    return asked


def show_refusal(request: HttpRequest, provider: str, bad: BadRequest) -> HttpResponse:
    """The page for a request that names no trustworthy way back."""
    shown = {"title": TITLES[provider], "provider": provider, "bad": bad}
    return render(request, "simulator/consent_error.html", shown, status=400)


def show_consent(request: HttpRequest, asked: Asked, *, problem: str = "", status: int = 200) -> HttpResponse:
    """Ask the person which account it is and what it allows."""
    accounts = Account.objects.filter(provider=asked.provider).order_by("address")
    tickable = [scope for scope in asked.scopes if not is_identity(asked.provider, scope)]
    shown = {
        "title": TITLES[asked.provider],
        "provider": asked.provider,
        "asked": asked,
        "accounts": accounts,
        "hint": asked.login_hint,
        "hint_unknown": bool(asked.login_hint) and not accounts.filter(address=asked.login_hint).exists(),
        "scopes": [(scope, words(asked.provider, scope), short(scope)) for scope in tickable],
        "desk": asked.redirect_uri.split("/")[2],
        "needs_admin": asked.provider == "microsoft" and Option.read("admin_consent_required"),
        "problem": problem,
    }
    return render(request, "simulator/consent.html", shown, status=status)


def chosen_account(request: HttpRequest, provider: str) -> Account | None:
    """The account of the form: one that exists, or a new one that is made now."""
    chosen, new = request.POST.get("account", ""), request.POST.get("new_address", "").strip().lower()
    if chosen == "new" or (new and not chosen):
        if "@" not in new or " " in new or len(new) > 320:
            return None
        name = request.POST.get("new_name", "").strip()[:200]
        account, _ = Account.objects.get_or_create(address=new, defaults={"provider": provider, "name": name})
        return account if account.provider == provider else None
    return Account.objects.filter(provider=provider, address=chosen.lower()).first()


def decide(request: HttpRequest, asked: Asked) -> tuple[HttpResponse | None, dict[str, str]]:
    """What the form says: a page to show again, or the answer that goes back to the application."""
    if request.POST.get("decision") != "allow":
        return None, {"error": "access_denied"}
    account = chosen_account(request, asked.provider)
    if account is None:
        return show_consent(request, asked, problem="Choose an account, or name a new address.", status=400), {}
    ticked = set(request.POST.getlist("scope"))
    allowed = [scope for scope in asked.scopes if scope in ticked or is_identity(asked.provider, scope)]
    return None, {"code": issue_code(asked, account, allowed)}


def send_back(request: HttpRequest, asked: Asked, answer: dict[str, str]) -> HttpResponse:
    """Return the person to the application, by address or by a posted form."""
    if asked.response_mode == "form_post":
        fields = answer if asked.state is None else {**answer, "state": asked.state}
        return render(request, "simulator/form_post.html", {"action": asked.redirect_uri, "fields": fields})
    response = HttpResponse(status=302)
    response["Location"] = asked.back(**answer)
    response["Referrer-Policy"] = "no-referrer"
    return response


def posted_query(request: HttpRequest) -> str:
    """The authorization request that the form carried along."""
    query = request.POST.get("request", "")
    return query if parse_qsl(query) else ""
