"""The simulator: Google, Microsoft and the customer's mail program on loopback, in one process.

It is a Django configuration of its own (settings.py). The product never imports it and reaches it over HTTPS only.
"""
