"""Fill in the forms of the admin's pages as a browser does."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client


class _FormFieldParser(HTMLParser):
    """Collect a page's successful controls (HTML Standard, 4.10.21.4)."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._select = self._textarea = self._text = ""
        self._is_single_select, self._first_option = True, None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        name, kind = attributes.get("name", ""), attributes.get("type")
        if tag == "input" and name and kind not in {"submit", "button", "file"}:
            is_box = kind in {"checkbox", "radio"}
            if not is_box or "checked" in attributes:
                self.fields.setdefault(name, []).append(attributes.get("value", "on" if is_box else ""))
        elif tag == "textarea":
            self._textarea, self._text = name, ""
        elif tag == "select":
            self._select, self._is_single_select, self._first_option = name, "multiple" not in attributes, None
        elif tag == "option" and self._select:
            if "selected" in attributes:
                self.fields.setdefault(self._select, []).append(attributes.get("value", ""))
            if self._first_option is None:
                self._first_option = attributes.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # A line end right after the tag is not content. Browsers send the others as CR LF.
            text = self._text.removeprefix("\n").replace("\n", "\r\n")
            self.fields.setdefault(self._textarea, []).append(text)
            self._textarea = ""
        elif tag == "select":
            if self._is_single_select and self._first_option is not None:  # browsers select the first option
                self.fields.setdefault(self._select, [self._first_option])
            self._select = ""


def form_fields(page: HttpResponse) -> dict[str, list[str]]:
    """Return the fields of a page, without the templates of inline rows."""
    parser = _FormFieldParser()
    parser.feed(page.content.decode())
    return {
        name: values
        for name, values in parser.fields.items()
        if "__prefix__" not in name and name not in ("csrfmiddlewaretoken", "q")
    }


def submit_form(client: Client, url: str, **changes: Any) -> HttpResponse:
    """Open a page, change some fields and send it. Write names with dashes as `**{…}`."""
    page = client.get(url)
    assert page.status_code == 200, page.status_code
    return client.post(url, {**form_fields(page), **changes})


def form_errors(page: HttpResponse) -> str:
    """Return all errors of a form and its inlines, as one text."""
    form = page.context["adminform"]
    formsets = page.context["inline_admin_formsets"]
    return " ".join(
        [str(form.errors)] + [f"{formset.formset.errors} {formset.formset.non_form_errors()}" for formset in formsets]
    )
