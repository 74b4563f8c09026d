"""The addresses of contacts and companies, under /<organization>/: ids only, never a name or an e-mail address."""

from django.urls import path

from tickets.views.contacts import addresses, companies, editing, fields, files, listing, merging, profile

_CONTACT = "contacts/<uuid:contact_id>/"
_ADDRESS = f"{_CONTACT}addresses/<uuid:address_id>/"

urlpatterns = [
    path("contacts/", listing.contacts, name="contacts"),
    path("contacts/new/", editing.new_contact, name="new_contact"),
    path("contacts/export/", files.export, name="export_contacts"),
    path("contacts/import/", files.upload, name="import_contacts"),
    path("contacts/import/<uuid:import_id>/", files.one_import, name="contact_import"),
    path("contacts/import/<uuid:import_id>/begin/", files.begin, name="begin_import"),
    path("contacts/import/<uuid:import_id>/delete/", files.give_up, name="give_up_import"),
    path(_CONTACT, profile.contact, name="contact"),
    path(f"{_CONTACT}edit/", editing.edit, name="edit_contact"),
    path(f"{_CONTACT}fields/", fields.save, name="contact_fields"),
    path(f"{_CONTACT}notes/", editing.note, name="contact_note"),
    path(f"{_CONTACT}notes/<uuid:note_id>/delete/", editing.remove_note, name="remove_contact_note"),
    path(f"{_CONTACT}block/", addresses.block, name="block_contact"),
    path(f"{_CONTACT}unblock/", addresses.unblock, name="unblock_contact"),
    path(f"{_CONTACT}merge/", merging.choose, name="choose_merge"),
    path(f"{_CONTACT}merge/do/", merging.merge, name="merge_contact"),
    path(f"{_CONTACT}merges/<uuid:merge_id>/undo/", merging.undo, name="undo_contact_merge"),
    path(f"{_CONTACT}addresses/", addresses.add, name="add_address"),
    path(f"{_ADDRESS}remove/", addresses.remove, name="remove_address"),
    path(f"{_ADDRESS}primary/", addresses.primary, name="primary_address"),
    path(f"{_ADDRESS}block/", addresses.block, name="block_address"),
    path(f"{_ADDRESS}unblock/", addresses.unblock, name="unblock_address"),
    path("companies/", companies.companies, name="companies"),
    path("companies/new/", companies.new_company, name="new_company"),
    path("companies/<uuid:company_id>/", companies.company, name="company"),
    path("companies/<uuid:company_id>/edit/", companies.edit, name="edit_company"),
]
