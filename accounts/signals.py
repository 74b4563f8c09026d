"""News of this app for the apps above it. Each is sent by an action, inside its transaction and the scope.

A receiver takes work from whoever may no longer see it, and returns the ids of the tickets it took.
"""

from django.dispatch import Signal

access_changed = Signal()  # organization_id, by: somebody may see less or more than before
team_ending = Signal()  # team, by: it is deleted next
suppressed = Signal()  # organization_id, kind, digests, job_id: told before they are kept (accounts.suppression)
root_key_rotated = Signal()  # everything in the vault is wrapped by the present root key now
