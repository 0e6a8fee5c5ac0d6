"""The same review by plain Wagtail means: what a publication without our door is compared with."""
