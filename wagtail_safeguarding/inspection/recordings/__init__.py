"""Sound and video: what their tags say. What is heard and seen is not looked at.

Imported by a child process only (see ``inspection.child``): no Django here.
"""
