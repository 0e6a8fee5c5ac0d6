"""A council's site with a base page of its own, on which our mixins are used."""
