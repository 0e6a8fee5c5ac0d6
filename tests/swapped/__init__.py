"""A site of Wagtail 8.0 or later that swapped Wagtail's own page model for another.

Its own settings go with it (`tests.swapped.settings`), since a page model cannot be swapped
while Python runs; `tests/sites` starts processes of its own for it.
"""
