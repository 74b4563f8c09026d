"""The pages of settings, for the sidebar that stands beside each of them."""

from django import template

from accounts.settings_pages import Group, groups_for

register = template.Library()


@register.simple_tag(takes_context=True)
def settings_groups(context: template.Context) -> list[Group]:
    """Return the pages the reader may open, by heading."""
    return groups_for(context.get("organization"), context.get("membership"))
