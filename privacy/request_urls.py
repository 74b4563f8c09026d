"""The addresses of requests: public ones below /privacy/, one's own below /account/, an organization's below it.

"privacy" is reserved, so no organization can be called that.
"""

from django.urls import path

from privacy.views.requests import acts, board, case, evidence, findings, from_ticket, intake, own, packages, rights

app_name = "rights"
_PUBLIC = "privacy/requests/<slug:desk>/"
_CONSOLE = "<slug:organization>/settings/privacy/requests/"
_CASE = f"{_CONSOLE}<uuid:request_id>/"

urlpatterns = [
    path(_PUBLIC, intake.ask, name="ask"),
    path(f"{_PUBLIC}confirm/<str:token>/", intake.confirm, name="confirm"),
    path(f"{_PUBLIC}package/<str:token>/", packages.package, name="package"),
    path("account/your-data/take-back/", own.take_back, name="own_take_back"),
    path("account/your-data/consents/", own.consent, name="own_consent"),
    path("privacy/own/confirm/<str:token>/", intake.own_confirm, name="own_confirm"),
    path("privacy/own/package/<str:token>/", packages.own_package, name="own_package"),
    path(_CONSOLE, board.board, name="board"),
    path(f"{_CONSOLE}new/", board.new, name="new"),
    path(_CASE, case.case, name="case"),
    path(f"{_CASE}change/", acts.change, name="change"),
    path(f"{_CASE}evidence/", evidence.add, name="evidence"),
    path(f"{_CASE}evidence/<uuid:evidence_id>/", evidence.file, name="evidence_file"),
    path(f"{_CASE}question/", acts.question, name="question"),
    path(f"{_CASE}question/<uuid:question_id>/", acts.answer, name="answer"),
    path(f"{_CASE}extend/", acts.extend_, name="extend"),
    path(f"{_CASE}refuse/", acts.refuse, name="refuse"),
    path(f"{_CASE}take-back/", acts.take_back, name="take_back"),
    path(f"{_CASE}nothing/", acts.nothing, name="nothing"),
    path(f"{_CASE}look/", findings.look, name="look"),
    path(f"{_CASE}found/", findings.found, name="found"),
    path(f"{_CASE}found/<uuid:finding_id>/", findings.decide, name="decide"),
    path(f"{_CASE}pack/", packages.pack, name="pack"),
    path(f"{_CASE}approve/", rights.approve, name="approve"),
    path(f"{_CASE}rectify/", rights.rectify, name="rectify"),
    path(f"{_CASE}restrict/", rights.restrict, name="restrict"),
    path(f"{_CASE}announce/", rights.announce, name="announce"),
    path(f"{_CASE}lift/", rights.lift, name="lift"),
    path(f"{_CASE}object/", rights.object_, name="object"),
    path(f"{_CASE}withdraw/", rights.withdraw, name="withdraw"),
    path("<slug:organization>/tickets/<int:number>/privacy-request/", from_ticket.make, name="from_ticket"),
]
