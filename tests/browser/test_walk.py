"""From a file on disk to the note of a claim in a browser."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEED = """Lighthouse Keeper Counts Forty Storms
By Marta Lindqvist
Dec. 19, 2024

Jonas Falk

The lighthouse will go dark in March, keeper Aud Nesheim said after a letter from the Coast Authority.

"At least 40 storms a year come over this rock," Nesheim told reporters on Tuesday. "A lamp on a clock will not see them."

The letter arrived by the evening boat and has not been answered.

Original url: https://www.skerry-courier.example/lighthouse
"""


def test_imported_file_appears_with_its_claims(page, tmp_path, capsys):
    (tmp_path / "lighthouse.txt").write_text(SEED, encoding="utf-8")
    call_command("import_seeds", str(tmp_path), "--publish", "--accept")

    page.goto("/")
    page.get_by_role("link", name="Lighthouse Keeper Counts Forty Storms").first.click()
    expect(page.get_by_text("By Marta Lindqvist")).to_be_visible()
    passage = page.locator("mark.claim", has_text="At least 40 storms a year")
    passage.click()
    note = page.locator(".note[open]")
    expect(note).to_contain_text("Aud Nesheim")
    expect(note).to_contain_text("40 or more storms")
    expect(note).to_contain_text("Not individually checked.")

    note.get_by_role("link", name="Claim page").click()
    expect(page.get_by_role("heading", name="How it reached us")).to_be_visible()
    page.get_by_role("list", name="How it reached us").get_by_role("link", name="Aud Nesheim").click()
    expect(page.locator(".claim-row", has_text="At least 40 storms a year")).to_be_visible()
