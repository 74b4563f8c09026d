"""Every address of Deskhero. What is ours comes first; the last ones begin with an organization."""

from django.contrib import admin
from django.urls import include, path

from accounts.views import home, invitation, profile, settings
from deskhero import health
from mailbox.views import consent
from privacy.views import closure
from privacy.views.keys import certificate_keys
from privacy.views.requests import own
from tickets.views.pictures import picture

urlpatterns = [
    path("", home.home, name="home"),
    path("account/desks/", home.desks, name="desks"),
    path("account/go/", settings.go, name="go"),
    path("account/profile/", profile.profile, name="profile"),
    path("account/your-data/", own.your_data, name="your_data"),
    path("account/second-step/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/closing/<uuid:organization_id>/", closure.closing, name="closing"),
    path("account/closed/<str:token>/", closure.closed, name="closed"),
    path("account/closed/<str:token>/certificate/", closure.closed_certificate, name="closed_certificate"),
    path("account/", include("allauth.account.urls")),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("invitation/<str:token>/join/", invitation.join, name="join"),
    path("oauth/<str:provider>/callback/", consent.callback, name="oauth_callback"),
    path("pictures/<str:token>/", picture, name="picture"),
    path(".well-known/deskhero-certificate-keys.json", certificate_keys, name="certificate_keys"),
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("privacy.request_urls")),
    path("<slug:organization>/", include("accounts.urls")),
    path("<slug:organization>/", include("privacy.urls")),
    path("<slug:organization>/", include("mailbox.urls")),
    path("<slug:organization>/", include("tickets.urls")),
]
