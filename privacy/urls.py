"""The addresses about promises, under /<organization>/."""

from django.urls import path

from privacy.views import certificates, closure, console, deletions, exports

app_name = "privacy"
urlpatterns = [
    path("mailboxes/<uuid:mailbox_id>/disconnect/", deletions.disconnect, name="disconnect"),
    path("settings/privacy/", console.console, name="console"),
    path("settings/privacy/deletions/<uuid:job_id>/", deletions.deletion, name="deletion"),
    path("settings/privacy/deletions/<uuid:job_id>/keep/", deletions.keep, name="keep"),
    path("settings/privacy/certificates/", certificates.certificates, name="certificates"),
    path("settings/privacy/certificates/<int:serial>/", certificates.certificate, name="certificate"),
    path(
        "settings/privacy/certificates/<int:serial>/file/",
        certificates.certificate_file,
        name="certificate_file",
    ),
    path("settings/privacy/exports/", exports.exports, name="exports"),
    path("settings/privacy/exports/<uuid:export_id>/", exports.export, name="export"),
    path("settings/privacy/exports/<uuid:export_id>/file/", exports.download, name="export_file"),
    path("settings/privacy/close/", closure.close, name="close"),
]
