"""Everything an organization has, as files people can use elsewhere: JSON, mbox, and the attachments themselves."""
