"""The admin's pages, filled in as a browser does: every field of the page, then what a test changes."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client


class _FormFieldParser(HTMLParser):
    """The successful controls of the forms of a page (HTML Standard, 4.10.21.4), without buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._select = self._textarea = self._text = ""
        self._is_single_select, self._first_option = True, None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") not in {"submit", "button", "file"}:
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                ticked = given.get("type") in {"checkbox", "radio"}
                self.fields.setdefault(name, []).append(given.get("value", "on" if ticked else ""))
        elif tag == "textarea":
            self._textarea, self._text = name, ""
        elif tag == "select":
            self._select, self._is_single_select, self._first_option = name, "multiple" not in given, None
        elif tag == "option" and self._select:
            if "selected" in given:
                self.fields.setdefault(self._select, []).append(given.get("value", ""))
            if self._first_option is None:
                self._first_option = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # The first line end after the tag is not content; browsers send the others as CR LF.
            text = self._text.removeprefix("\n").replace("\n", "\r\n")
            self.fields.setdefault(self._textarea, []).append(text)
            self._textarea = ""
        elif tag == "select":
            if self._is_single_select and self._first_option is not None:  # nothing chosen: the first option stands
                self.fields.setdefault(self._select, [self._first_option])
            self._select = ""


def form_fields(page: HttpResponse) -> dict[str, list[str]]:
    reader = _FormFieldParser()
    reader.feed(page.content.decode())
    return {
        name: values
        for name, values in reader.fields.items()
        if "__prefix__" not in name and name not in ("csrfmiddlewaretoken", "q")
    }


def submit_form(client: Client, url: str, **changes: Any) -> HttpResponse:
    """Open a page, change some fields, send it. Field names with dashes are written with `**{…}`."""
    page = client.get(url)
    assert page.status_code == 200, page.status_code
    return client.post(url, {**form_fields(page), **changes})


def form_errors(page: HttpResponse) -> str:
    """All that the form and its parts complain about, as one text."""
    form = page.context["adminform"]
    formsets = page.context["inline_admin_formsets"]
    return " ".join(
        [str(form.errors)] + [f"{formset.formset.errors} {formset.formset.non_form_errors()}" for formset in formsets]
    )
