"""The addresses about mailboxes, under /<organization>/."""

from django.urls import path

from mailbox.views import access, connect, mailboxes, set_up, teams

app_name = "mailbox"
urlpatterns = [
    path("mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("mailboxes/connect/", connect.connect, name="connect"),
    path("mailboxes/<uuid:mailbox_id>/connected/", mailboxes.connected, name="connected"),
    path("mailboxes/<uuid:mailbox_id>/reconnect/", connect.reconnect, name="reconnect"),
    path("mailboxes/<uuid:mailbox_id>/settings/", set_up.set_up, name="set_up"),
    path("mailboxes/<uuid:mailbox_id>/access/", access.access, name="access"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<uuid:team_id>/", teams.team, name="team"),
    path("teams/<uuid:team_id>/delete/", teams.delete, name="delete_team"),
]
