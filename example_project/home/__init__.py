"""The pages that the council had before: a base page of its own and a home page."""
