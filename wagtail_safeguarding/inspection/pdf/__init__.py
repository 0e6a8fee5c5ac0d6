"""What a PDF gives away. Runs in a child process: ``worker`` is the worker for ``child``."""
