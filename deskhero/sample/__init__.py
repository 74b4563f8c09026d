"""The sample world: two companies whose tickets came as real mail through the simulator; `manage.py seed_sample`.

It touches every app and speaks with the simulator, so no app imports it; only that command does.
"""
