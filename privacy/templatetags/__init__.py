"""Words of the page language about promises."""
