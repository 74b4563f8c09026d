"""The names of every provider route, for faults and the call log."""

from mailbox.simulator.google.urls import urlpatterns as google
from mailbox.simulator.microsoft.urls import urlpatterns as microsoft

ROUTES = {str(pattern.name) for pattern in [*google, *microsoft]}
