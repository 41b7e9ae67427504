"""What a reader of a page sees: its words, without markup."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

from django.http import HttpResponse
from django.utils.html import strip_tags

HIDDEN_ELEMENTS = re.compile(r"<(script|style|datalist|select)\b.*?</\1>", re.DOTALL)


def page_text(response: HttpResponse) -> str:
    """Return the text of a page's main part, with white space collapsed.

    Suggestions and choices of a list are left out.
    """
    html = HIDDEN_ELEMENTS.sub("", response.content.decode())
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(strip_tags(main.replace("<", " <"))).split())


def page_links(response: HttpResponse, within: str = "main") -> list[str]:
    """Where the links of a part of the page lead, in order."""
    html = response.content.decode()
    part = html[html.index(f"<{within}") : html.rindex(f"</{within}>")]
    return [unescape(href) for href in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', part)]


def parse_xml(response: HttpResponse) -> ElementTree.Element:
    """A document of the site's own, which must be well-formed."""
    return ElementTree.fromstring(response.content)  # noqa: S314 - it is not a stranger's
