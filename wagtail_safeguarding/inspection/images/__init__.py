"""Pictures: what they say about themselves, and what they hold beside what is seen.

Imported by a child process only (see ``inspection.child``): no Django here.
"""
