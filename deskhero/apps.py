"""Django admin with our own site."""

from django.contrib.admin.apps import AdminConfig


class DeskheroAdminConfig(AdminConfig):
    """Every `@admin.register` lands at the operator's desk of accounts.admin_site."""

    default_site = "accounts.admin_site.DeskheroAdminSite"
