"""A site with a separate front end and wagtail-headless-preview."""
