"""The erasure ledger: what was erased, as ids, outside the database, so that a restored backup can be told again."""

from privacy.ledger.ledger import append, cut, entries_after, position, verify
from privacy.ledger.lines import Entry, LedgerFault

__all__ = ["Entry", "LedgerFault", "append", "cut", "entries_after", "position", "verify"]
