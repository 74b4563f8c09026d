"""The addresses of the access log and of grants, under /<organization>/settings/privacy/."""

from django.urls import path

from privacy.views import access_log, grants

urlpatterns = [
    path("settings/privacy/access/", access_log.access_log, name="access_log"),
    path("settings/privacy/access/export/", access_log.export, name="export_access_log"),
    path("settings/privacy/access/review/", access_log.review, name="review_access_log"),
    path("settings/privacy/access/alerts/<uuid:alert_id>/looked/", access_log.looked_at, name="looked_at_alert"),
    path("settings/privacy/grants/", grants.grants, name="grants"),
    path("settings/privacy/grants/first/", grants.agree_first, name="grants_agree_first"),
    path("settings/privacy/grants/<uuid:grant_id>/agree/", grants.agree, name="agree_to_grant"),
    path("settings/privacy/grants/<uuid:grant_id>/end/", grants.end, name="end_grant"),
]
