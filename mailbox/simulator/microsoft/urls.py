"""Addresses of simulated Microsoft. A route's name is what faults and the call log use.

Keys in OData's other form, mailFolders('inbox'), are turned into segments before these are read.
"""

from django.urls import path, re_path

from mailbox.simulator.microsoft import attachments, batch, delta, messages, oauth, sending

WHOSE = r"^graph/v1\.0/(?:me|users/(?P<user>[^/]+))"
FOLDER = WHOSE + r"/mailFolders/(?P<name>[^/]+)"
MESSAGE = WHOSE + r"(?:/mailFolders/[^/]+)?/messages/(?P<key>[^/]+)"
FILE = MESSAGE + r"/attachments/(?P<identifier>[^/]+)"

urlpatterns = [
    path("microsoft/consent", oauth.decide, name="microsoft.consent"),
    path("microsoft/<str:tenant>/v2.0/.well-known/openid-configuration", oauth.discovery, name="microsoft.discovery"),
    path("microsoft/<str:tenant>/discovery/v2.0/keys", oauth.keys, name="microsoft.keys"),
    path("microsoft/<str:tenant>/oauth2/v2.0/authorize", oauth.authorize, name="microsoft.authorize"),
    path("microsoft/<str:tenant>/oauth2/v2.0/token", oauth.token, name="microsoft.token"),
    re_path(WHOSE + "$", messages.me, name="graph.me"),
    re_path(WHOSE + "/sendMail$", sending.send_now, name="graph.sendMail"),
    re_path(WHOSE + "/mailFolders$", messages.folders, name="graph.folders.list"),
    re_path(FOLDER + "$", messages.folder, name="graph.folders.get"),
    re_path(FOLDER + "/messages/delta$", delta.delta, name="graph.delta"),
    re_path(FOLDER + "/messages$", messages.folder_index, name="graph.folders.messages"),
    re_path(WHOSE + "/messages$", messages.index, name="graph.messages"),
    re_path(MESSAGE + "$", messages.detail, name="graph.messages.get"),
    re_path(MESSAGE + r"/\$value$", messages.mime, name="graph.messages.value"),
    re_path(MESSAGE + "/move$", messages.move_to, name="graph.messages.move"),
    re_path(MESSAGE + "/send$", sending.send_draft, name="graph.messages.send"),
    re_path(MESSAGE + "/createReply$", sending.create_reply, name="graph.messages.createReply"),
    re_path(MESSAGE + "/createReplyAll$", sending.create_reply_all, name="graph.messages.createReplyAll"),
    re_path(MESSAGE + "/attachments$", attachments.index, name="graph.attachments"),
    re_path(MESSAGE + "/attachments/createUploadSession$", attachments.create_session, name="graph.uploads.create"),
    re_path(FILE + "$", attachments.detail, name="graph.attachments.get"),
    re_path(FILE + r"/\$value$", attachments.value, name="graph.attachments.value"),
    path("graph/upload/<str:key>", attachments.upload, name="graph.upload"),
    path("graph/v1.0/$batch", batch.batch, name="graph.batch"),
]
