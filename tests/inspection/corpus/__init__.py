"""Files with something planted in them, and for each a harmless twin; all made here.

One module for each kind of file, whose ``cases()`` yields :class:`~.case.Case`.
"""
