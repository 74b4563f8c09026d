"""Addresses of simulated Google. A route's name is what faults and the call log use."""

from django.urls import path

from mailbox.simulator.google import batch, history, messages, oauth, sending

USERS = "gmail/v1/users/<str:user>/"

urlpatterns = [
    path("google/o/oauth2/v2/auth", oauth.authorize, name="google.authorize"),
    path("google/consent", oauth.decide, name="google.consent"),
    path("google/token", oauth.token, name="google.token"),
    path("google/revoke", oauth.revoke, name="google.revoke"),
    path("google/certs", oauth.certs, name="google.certs"),
    path(USERS + "profile", messages.profile, name="gmail.profile"),
    path(USERS + "messages/send", sending.send, name="gmail.messages.send"),
    path("upload/" + USERS + "messages/send", sending.upload_or_resume, name="gmail.upload.send"),
    path(USERS + "messages", messages.index, name="gmail.messages.list"),
    path(USERS + "messages/<str:key>", messages.get, name="gmail.messages.get"),
    path(USERS + "messages/<str:key>/modify", messages.modify, name="gmail.messages.modify"),
    path(USERS + "messages/<str:key>/attachments/<str:identifier>", messages.attachment, name="gmail.attachments.get"),
    path(USERS + "history", history.history, name="gmail.history"),
    path(USERS + "labels", messages.labels, name="gmail.labels.list"),
    path(USERS + "labels/<str:name>", messages.label, name="gmail.labels.get"),
    path(USERS + "watch", history.watch, name="gmail.watch"),
    path(USERS + "stop", history.stop, name="gmail.stop"),
    path("batch", batch.batch, name="gmail.batch"),
    path("batch/gmail/v1", batch.batch, name="gmail.batch"),
]
