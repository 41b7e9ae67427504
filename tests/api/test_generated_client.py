"""A client generated from the OpenAPI document reads the API."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from importlib import import_module
from urllib.parse import parse_qs, urlsplit

import pytest

from articles.models import Claim
from tests.factories import make_claim, make_quantity, published_article

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MONDAY = date(2024, 12, 16)


@pytest.fixture
def generated(client, tmp_path, monkeypatch) -> str:
    """Generate a package from the served document, and return its name."""
    document = tmp_path / "openapi.json"
    document.write_bytes(client.get("/api/schema/?format=json").content)
    config = tmp_path / "config.yaml"
    config.write_text("post_hooks: []\n", encoding="utf-8")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta=none", "--fail-on-warning"]
    options = [f"--path={document}", f"--config={config}", f"--output-path={tmp_path / 'record_client'}"]
    result = subprocess.run([*command, *options], capture_output=True, text=True, check=False, env=os.environ)
    assert result.returncode == 0, result.stdout + result.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "record_client"
    for name in [name for name in sys.modules if name.partition(".")[0] == "record_client"]:
        del sys.modules[name]


def test_generated_client_reads_all_claims_of_a_week(generated, live_server):
    expected = set()
    for day in range(-2, 9):
        article = published_article()
        date_said = MONDAY + timedelta(days=day)
        claim = make_claim(
            article, quote="At least 40 bolts", by=["Ada Roe", "Bo Lind"], figures=[make_quantity("40", lower=40)]
        )
        make_claim(article, quote="We cannot wait", by="Bo Lind")
        Claim.objects.filter(pk=claim.pk).update(stated_from=date_said, stated_to=date_said)
        if 0 <= day < 7:
            expected.add(claim.public_id)
    client = import_module(f"{generated}.client").Client(base_url=str(live_server))
    claims = import_module(f"{generated}.api.claims.claims")
    week = {"origin": "Ada Roe", "said_after": MONDAY, "said_before": MONDAY + timedelta(days=6), "size": 3}

    pages = [claims.sync(client=client, **week)]
    while pages[-1].next_:
        (cursor,) = parse_qs(urlsplit(pages[-1].next_).query)["page"]
        pages.append(claims.sync(client=client, page=cursor, **week))

    found = [row for page in pages for row in page.results]
    assert len(pages) == 3
    assert {row.id for row in found} == expected
    assert len(found) == len(expected)
    assert {row.hops[0].source for row in found} == {"Ada Roe"}
    assert {row.quantities[0].lower for row in found} == {40}


def test_generated_client_reads_a_problem(generated, live_server):
    client = import_module(f"{generated}.client").Client(base_url=str(live_server))
    search = import_module(f"{generated}.api.search.search")

    problem = search.sync(client=client, q="")

    assert (problem.status, problem.code) == (400, "no-words")
