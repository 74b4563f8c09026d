"""Addresses of the control API."""

from django.urls import path

from mailbox.simulator.control import views

urlpatterns = [
    path("accounts/", views.accounts),
    path("accounts/<str:address>/", views.account),
    path("accounts/<str:address>/messages/", views.mailbox),
    path("accounts/<str:address>/messages/<str:key>/", views.message),
    path("deliver/", views.deliver),
    path("calls/", views.calls),
    path("faults/", views.faults),
    path("routes/", views.routes),
    path("revoke/", views.revoke_grants),
    path("expire-history/", views.expire_history),
    path("invalidate-delta/", views.invalidate_delta),
    path("options/", views.options),
    path("clock/", views.clock),
    path("service-mail/", views.service_mail),
    path("reset/", views.reset),
]
