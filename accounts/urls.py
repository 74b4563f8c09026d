"""The addresses about people, under /<organization>/."""

from django.urls import path

from accounts.views import hours, organization, people, settings

app_name = "accounts"
urlpatterns = [
    path("settings/", settings.settings, name="settings"),
    path("hours/", hours.hours, name="hours"),
    path("organization/", organization.organization, name="organization"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<uuid:member_id>/role/", people.change_role, name="change_role"),
    path("people/<uuid:member_id>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<uuid:member_id>/reactivate/", people.reactivate, name="reactivate"),
    path("people/invitations/<uuid:invitation_id>/resend/", people.resend_invitation, name="resend_invitation"),
    path("people/invitations/<uuid:invitation_id>/withdraw/", people.withdraw_invitation, name="withdraw_invitation"),
]
