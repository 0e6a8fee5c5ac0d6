"""Rich text that names no hidden page.

An internal link is stored with the id of its page. While the public cannot see that page,
its id and address are nobody's business (promise P1), so the link is left out and its
words stay.
"""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup

from wagtail_safeguarding.keys import as_pk

from .answers import Answers

_LINK_ID = re.compile(r'<a\b[^>]*\bid="([0-9]+)"')


def linked_ids(html: str) -> set[int]:
    """The pages that ``html`` links to, as Wagtail's editor writes it: to be read beforehand."""
    if "linktype" not in html:
        return set()
    return {pk for text in _LINK_ID.findall(html) if (pk := as_pk(text)) is not None}


def without_hidden_links(html: str, request: Any = None) -> str:
    """``html`` (as Wagtail stores it) without links to pages that cannot be seen."""
    if "linktype" not in html:
        return html
    soup = BeautifulSoup(html, "html.parser")
    links = [(link, as_pk(link.get("id"))) for link in soup.find_all("a", linktype="page")]
    pks = {pk for _link, pk in links if pk is not None}
    visible = Answers.for_request(request).get_visible(pks)
    hidden = [link for link, pk in links if pk not in visible]
    if not hidden:
        return html
    for link in hidden:
        link.unwrap()
    return str(soup)
