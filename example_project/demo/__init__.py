"""Invented content for the example site, and the PDF files that go with it."""
