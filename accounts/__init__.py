"""Who, and whose: users, organizations, tenancy, keys. The lowest app: it imports no other."""
