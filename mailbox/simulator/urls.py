"""Every address of the simulator."""

from django.urls import include, path

urlpatterns = [
    path("", include("mailbox.simulator.google.urls")),
    path("", include("mailbox.simulator.microsoft.urls")),
    path("control/", include("mailbox.simulator.control.urls")),
    path("", include("mailbox.simulator.pages.urls")),
]
