"""Addresses of the pages for people."""

from django.urls import path

from mailbox.simulator.pages import mailbox, parts, service

urlpatterns = [
    path("", mailbox.home, name="home"),
    path("people/", mailbox.people, name="people"),
    path("as/<int:number>/", mailbox.inbox, name="inbox"),
    path("as/<int:number>/write/", mailbox.write, name="write"),
    path("as/<int:number>/ready/", mailbox.send_ready, name="ready"),
    path("as/<int:number>/thread/<int:thread>/", mailbox.thread, name="thread"),
    path("as/<int:number>/thread/<int:thread>/answer/", mailbox.answer, name="answer"),
    path("as/<int:number>/mail/<int:message>/html", parts.html, name="html"),
    path("as/<int:number>/mail/<int:message>/source", parts.source, name="source"),
    path("as/<int:number>/mail/<int:message>/file/<int:part>", parts.file, name="file"),
    path("service-mail/", service.index, name="service_mail"),
    path("service-mail/<int:number>/", service.detail, name="service_mail_detail"),
    path("static/<path:path>", parts.static, name="static"),
]
