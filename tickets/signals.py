"""News of the desk for the app above. Sent inside the transaction that made it true and inside the scope."""

from django.dispatch import Signal

mail_written = Signal()  # messages, of history too, before anybody is told; copies: mails kept beside and not filed
mail_filed = Signal()  # messages: of live mail, in the order in which they were filed, each with its ticket
