"""Rich text that names no hidden page.

An internal link is stored with the id of its page. While the public cannot see that page,
its id and address are nobody's business (promise P1), so the link is left out and its
words stay.
"""

from __future__ import annotations

from bs4 import BeautifulSoup

from wagtail_safeguarding.keys import as_pk

from .visibility import visible_pages


def without_hidden_links(html: str) -> str:
    """``html`` (as Wagtail stores it) without links to pages that the public cannot see."""
    if "linktype" not in html:
        return html
    soup = BeautifulSoup(html, "html.parser")
    links = [(link, as_pk(link.get("id"))) for link in soup.find_all("a", linktype="page")]
    pks = {pk for _link, pk in links if pk is not None}
    visible = set(visible_pages().filter(pk__in=pks).values_list("pk", flat=True)) if pks else set()
    hidden = [link for link, pk in links if pk not in visible]
    if not hidden:
        return html
    for link in hidden:
        link.unwrap()
    return str(soup)
