"""What a backup of the data leaves out, and why: rows that are made anew, or that nobody may bring back."""

from django.apps import apps

from privacy.declarations import OURS

LEFT_OUT = {
    "tickets.SearchDocument": "codes of words, made anew from the mails (manage.py reindex_search)",
    "sessions.Session": "whoever was signed in signs in again",
    "usersessions.UserSession": "likewise, with the address and the browser of the person",
    "account.EmailConfirmation": "not used",
    "privacy.Export": "a copy of everything for one download, gone within a week; its file is left out, too",
    "mailbox.ConsentRequest": "an hour's way to the provider and back",
}


def tables_left_out() -> list[str]:
    """Return the tables whose rows are not backed up; their empty shape is."""
    return [apps.get_model(label)._meta.db_table for label in LEFT_OUT]


def files_left_out() -> set[str]:
    """Return the ids of sealed files that belong to such rows: their keys may outlive what is copied in them."""
    with_files = [apps.get_model(label) for label in LEFT_OUT if label.partition(".")[0] in OURS]
    return {
        str(pk)
        for model in with_files
        if vars(model)["personal_data"].files
        for pk in model._base_manager.values_list("pk", flat=True)
    }
