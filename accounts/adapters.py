"""What the sign-in library asks of us."""

import base64
import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse

from accounts.mfa import signed_in_lately
from accounts.models import User
from accounts.sealing.envelope import seal, unseal_under_root
from accounts.sealing.keys import root_key

log = logging.getLogger(__name__)

MFA_PLACE = "mfa secret"


class AccountAdapter(DefaultAccountAdapter):
    """New users bring their name; links in mails carry the address of the settings; a fresh sign-in counts as one."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Take name and language, and save."""
        user.name = form.cleaned_data.get("name", "")
        user.language = getattr(request, "LANGUAGE_CODE", user.language)[:2]
        return super().save_user(request, user, form, commit)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a reset mail; no header of the request has a say in it."""
        parts = {"uidb36": "UID", "key": "KEY"}
        return settings.URL + reverse("account_reset_password_from_key", kwargs=parts).replace("UID-KEY", key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail that the person waits for; where that fails, say so, whoever was asked about."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.warning("%s could not be mailed: %s", template_prefix, type(error).__name__)
            raise ImmediateHttpResponse(render(self.request, "account/mail_down.html", status=503)) from None

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell the person what changed; a mail server that is down does not undo the change."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except ImmediateHttpResponse:
            return

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before anything sensitive, unless the password or a code was given minutes ago."""
        if signed_in_lately(context.request):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of second steps are sealed under the root key; the library's table is not ours to key by person."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return base64.b64encode(seal(root_key(), MFA_PLACE, text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret, also one sealed under the root key of before."""
        return unseal_under_root(MFA_PLACE, base64.b64decode(encrypted_text)).decode()
