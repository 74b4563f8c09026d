"""Templates as few pieces: inheritance and includes resolved once, and what never changes rendered once a language.

Django resolves `{% extends %}`, `{% block %}` and `{% include %}` anew for every page, and looks up every word of every
button. Nearly all of that is the same each time. Read `loader.py` first; `docs/adr/0023` tells why and what it gives.
"""
