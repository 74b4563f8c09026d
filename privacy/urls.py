"""The addresses about promises, under /<organization>/."""

from django.urls import path

from privacy.access_urls import urlpatterns as access_urls
from privacy.views import certificates, closure, console, deletions, exports, holds, retention

app_name = "privacy"
urlpatterns = [
    *access_urls,
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
    path("settings/privacy/holds/", holds.holds, name="holds"),
    path("settings/privacy/holds/place/", holds.place, name="place_hold"),
    path("settings/privacy/holds/<uuid:hold_id>/", holds.hold, name="hold"),
    path("settings/privacy/holds/<uuid:hold_id>/review/", holds.review, name="review_hold"),
    path("settings/privacy/holds/<uuid:hold_id>/release/", holds.release, name="release_hold"),
    path("settings/privacy/retention/", retention.retention, name="retention"),
    path("settings/privacy/retention/<slug:kind>/", retention.rule, name="rule"),
]
