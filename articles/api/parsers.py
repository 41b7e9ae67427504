"""Read JSON bodies within limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from articles.api.responses import ContentTooLarge

MAX_BODY_BYTES = 1_000_000
#: A proposed claim has three levels: the claim, a list, and what is in it.
MAX_DEPTH = 10
SURROGATE = re.compile("[\ud800-\udfff]")


class BoundedJSONParser(JSONParser):
    """Parse JSON. Refuse a body that is too large or too deep, and lone surrogates.

    JSON can escape half of a surrogate pair. Such text can be neither stored nor sent back in an error.
    """

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            raise ContentTooLarge
        try:
            data = super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deep.")) from error
        for value, depth in _walk(data):
            if depth > MAX_DEPTH:
                raise ParseError(_("The JSON is nested too deep."))
            if isinstance(value, str) and SURROGATE.search(value):
                raise ParseError(_("The JSON has half of a surrogate pair, which is not text."))
        return data


def _walk(data: Any) -> Iterator[tuple[Any, int]]:
    """Yield each value and key with its depth, without recursion."""
    todo = [(data, 0)]
    while todo:
        value, depth = todo.pop()
        yield value, depth
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, dict):
            todo += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list):
            todo += [(part, depth + 1) for part in value]
