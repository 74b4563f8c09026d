"""News for the apps above. Each is sent inside the transaction that made it true and inside the organization's scope.

Receivers change rows of their own or queue work with delay_on_commit; they never call a provider.
"""

from django.dispatch import Signal

mail_arrived = Signal()  # organization_id, email_ids: stored InboundEmails, in the order they are to be filed
mail_left = Signal()  # email: an OutboundEmail that the provider has taken
mail_failed = Signal()  # email: an OutboundEmail that will not be tried again by itself
mailbox_changed = Signal()  # mailbox: its state or trouble is another than before
mailbox_connected = Signal()  # mailbox, by: a permission was given, the first one or a new one
mailbox_disconnected = Signal()  # mailbox, by: nothing is fetched or sent any more; by is None where nobody asked
