"""Old mail in files: mbox, Maildir and single mails, read one mail at a time."""
