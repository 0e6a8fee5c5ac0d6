"""A council site that existed before the package was installed."""
