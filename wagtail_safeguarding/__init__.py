"""Publish child safeguarding practice reviews with Wagtail: private until published."""

__version__ = "0.1.0"
