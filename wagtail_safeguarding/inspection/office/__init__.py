"""Office files: Word, Excel, PowerPoint and OpenDocument, read part by part from their ZIP.

Imported by a child process only (see ``inspection.child``): no Django here.
"""
