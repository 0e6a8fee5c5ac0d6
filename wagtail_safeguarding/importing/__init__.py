"""Legacy pages in, drafts out. Reading and proposing know no Django; see ``reader.py``."""
