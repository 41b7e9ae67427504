"""The API: reading, changes with a key, errors, limits."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.throttling import AnonRateThrottle

from articles.models import ApiKey, Article, Claim
from articles.pagination import order_checksum
from tests.factories import ArticleFactory, LedgerFactory, get_source, make_claim, make_quantity, published_article

pytestmark = pytest.mark.django_db

QUOTE = "At least 40 bolts are loose,"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def claim(db):
    article = published_article(agency=get_source("Wire"), publisher=get_source("Quay"))
    return make_claim(
        article, quote=QUOTE, by=["Ada Roe", "Bo Lind"], figures=[make_quantity("40", lower=40, counts="bolts")]
    )


@pytest.fixture
def key(editor):
    api_key = ApiKey(user=editor, name="desk")
    text = api_key.generate_key()
    api_key.save()
    return text


def post(client, url: str, body: Any, key: str = "") -> Any:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return client.post(url, json.dumps(body), content_type="application/json", headers=headers)


# --- Reading ---


def test_claims_are_in_the_exchange_format(client, claim):
    (row,) = client.get("/api/claims/").json()["results"]

    assert row["id"] == str(claim.public_id)
    assert [hop["source"] for hop in row["hops"]] == ["Ada Roe", "Bo Lind"]
    assert row["quotes"] == [QUOTE]
    assert row["quantities"][0]["lower"] == 40
    assert row["article"]["slug"] == claim.article.slug
    assert client.get(f"/api/claims/{claim.public_id}/").json() == row


def test_article_is_returned_in_full(client, claim):
    article = client.get(f"/api/articles/{claim.article.slug}/").json()

    assert article["headline"] == claim.article.live.headline
    assert [claim["id"] for claim in article["claims"]] == [str(claim.public_id)]

    text = "\n\n".join(article["paragraphs"])
    anchor = next(a for a in article["claims"][0]["anchors"] if a["part"] == "content")

    assert text[anchor["start"] : anchor["end"]] == QUOTE


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("/api/sources/", {"Ada Roe", "Bo Lind"}),
        ("/api/sources/?text=ada", {"Ada Roe"}),
    ],
)
def test_sources_are_listed(client, claim, url, names):
    assert {row["name"] for row in client.get(url).json()["results"]} == names


def test_source_is_returned(client, claim):
    found = client.get(f"/api/sources/{get_source('Ada Roe').slug}/").json()

    assert (found["name"], found["claims"], found["aliases"]) == ("Ada Roe", 1, [])


def test_ledger_is_returned_with_figures(client, claim):
    ledger = LedgerFactory(name="Bolts", slug="bolts")

    claim.quantities.update(ledger=ledger)

    assert [row["slug"] for row in client.get("/api/ledgers/").json()["results"]] == ["bolts"]

    found = client.get("/api/ledgers/bolts/").json()

    assert found["name"] == "Bolts"
    assert [(line["raw"], line["origin"], line["teller"]) for line in found["results"]] == [
        ("40", "Ada Roe", "Bo Lind")
    ]


def test_search_returns_articles_and_claims(client, claim):
    found = client.get("/api/search/?q=bolts").json()

    assert [row["slug"] for row in found["articles"]] == [claim.article.slug]
    assert [row["id"] for row in found["claims"]] == [str(claim.public_id)]
    assert client.get("/api/search/").status_code == 400


def test_filters_of_the_site_apply(client, claim):
    assert len(client.get("/api/claims/?origin=ada-roe").json()["results"]) == 1
    assert client.get("/api/claims/?origin=bo-lind").json()["results"] == []

    wrong = client.get("/api/claims/?form=loud")

    assert wrong.status_code == 400
    assert wrong["Content-Type"].startswith("application/problem+json")
    assert "loud is not one of the available choices" in wrong.json()["errors"]["form"][0]


def test_pages_link_to_next_and_previous(client):
    for number in range(5):
        make_claim(published_article(headline=f"Bridge {number}"), quote=QUOTE, by="Ada Roe")
    first = client.get("/api/claims/?size=2").json()

    second = client.get(first["next"]).json()

    assert first["previous"] is None
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]}
    assert client.get(second["previous"]).json()["results"] == first["results"]
    assert client.get("/api/claims/?size=0").json()["code"] == "bad-size"
    assert client.get("/api/claims/?page=nonsense").json()["code"] == "bad-cursor"


@pytest.mark.parametrize("state", ["proposed", "rejected", "retracted", "draft"])
def test_hidden_claims_are_not_returned(client, claim, state):
    if state in ("proposed", "rejected"):
        Claim.objects.filter(pk=claim.pk).update(
            **(
                {"review": state}
                if state == "rejected"
                else {"review": state, "reviewed_at": None, "reviewed_how": ""}
            )
        )
    else:
        type(claim.article).objects.filter(pk=claim.article_id).update(status=state)

    assert client.get("/api/claims/").json()["results"] == []
    assert client.get(f"/api/claims/{claim.public_id}/").status_code == 404
    assert client.get("/api/sources/").json()["results"] == []

    if state in ("retracted", "draft"):
        assert client.get(f"/api/articles/{claim.article.slug}/").status_code == 404
    else:
        assert client.get(f"/api/articles/{claim.article.slug}/").json()["claims"] == []

    assert client.get("/api/search/?q=bolts").json()["claims"] == []


@pytest.mark.parametrize("url", ["/api/claims/", "/api/articles/", "/api/sources/", "/api/ledgers/"])
def test_list_has_a_fixed_number_of_queries(client, url):
    counts = []
    for number in (1, 9):
        for _ in range(number):
            new_claim = make_claim(
                published_article(), quote=QUOTE, by=["Ada Roe", "Bo Lind"], figures=[make_quantity("40", lower=40)]
            )
            new_claim.quantities.update(ledger=LedgerFactory())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 6


def test_any_site_may_read_without_cookies(client, claim):
    response = client.get("/api/claims/")

    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies


def test_too_many_requests_are_refused(client, claim, two_a_minute):
    statuses = [client.get("/api/claims/").status_code for _ in range(3)]

    assert statuses == [200, 200, 429]


def test_api_page_has_no_external_or_inline_scripts(client):
    html = client.get("/api/").content.decode()

    assert "https://" not in html
    assert "<style" not in html
    assert "<script>" not in html
    assert client.get("/developers/").status_code == 200


@pytest.mark.parametrize("rows", [1, 9])
@pytest.mark.parametrize(
    ("url", "count"),
    [
        ("/api/articles/{article}/", 12),
        ("/api/claims/{claim}/", 5),
        ("/api/sources/{source}/", 2),
        ("/api/ledgers/bolts/", 3),
    ],
)
def test_one_object_has_a_fixed_number_of_queries(client, url, count, rows):
    article = published_article()
    ledger = LedgerFactory(slug="bolts")
    for _ in range(rows):
        new_claim = make_claim(
            article, quote=QUOTE, by=["Ada Roe", "Bo Lind"], figures=[make_quantity("40", lower=40, ledger=ledger)]
        )
    slug = get_source("Ada Roe").slug

    with CaptureQueriesContext(connection) as queries:
        response = client.get(url.format(article=article.slug, claim=new_claim.public_id, source=slug))

    assert (response.status_code, len(queries)) == (200, count)


# --- Errors ---


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("/api/claims/?orign=ada-roe", "unknown parameter “orign”; did you mean “origin”?"),
        ("/api/articles/?topics=x", "unknown parameter “topics”; did you mean “topic”?"),
        ("/api/sources/?colour=red", "unknown parameter “colour”"),
        ("/api/ledgers/?size=2", "unknown parameter “size”"),
        ("/api/search/?q=a&pages=2", "unknown parameter “pages”"),
        ("/api/sources/ada-roe/?page=x", "unknown parameter “page”"),
    ],
)
def test_unknown_parameter_is_refused(client, claim, url, sentence):
    response = client.get(url)

    assert response.status_code == 400
    assert response.json()["code"] == "unknown-parameter"
    assert response.json()["detail"] == sentence


def test_parameters_of_trackers_are_ignored(client, claim):
    assert len(client.get("/api/claims/?utm_source=letter&fbclid=1").json()["results"]) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("figure_min=100&figure_max=50", "figure_min"),
        ("after=2024-12-30&before=2024-12-01", "after"),
        ("said_after=2024-12-30&said_before=2024-12-01", "said_after"),
    ],
)
def test_inverted_range_is_refused(client, claim, query, field):
    response = client.get(f"/api/claims/?{query}")

    assert response.status_code == 400
    assert "is above" in response.json()["errors"][field][0]


@pytest.mark.parametrize("query", ["figure_min=40&figure_max=40", "after=2024-12-19&before=2024-12-19"])
def test_range_of_one_value_is_allowed(client, claim, query):
    assert len(client.get(f"/api/claims/?{query}").json()["results"]) == 1


@pytest.mark.parametrize("size", ["0", "101", "-1", "x", "1.5", "9" * 5000])
def test_size_out_of_bounds_is_refused(client, claim, size):
    assert client.get(f"/api/claims/?size={size}").json()["code"] == "bad-size"


def test_cursor_with_seconds_in_its_offset_is_refused(client, claim):
    packed = [
        order_checksum(tuple(Article.objects.newest_first().query.order_by)),
        "n",
        "2024-12-19T12:00:00+23:59:59.999999",
        1,
    ]
    cursor = base64.urlsafe_b64encode(json.dumps(packed).encode()).decode().rstrip("=")

    assert client.get(f"/api/articles/?page={cursor}").json()["code"] == "bad-cursor"


@pytest.mark.parametrize(
    ("method", "url", "status", "title", "detail"),
    [
        ("get", "/api/claims/?form=loud", 400, "Bad request", "The request has invalid values. See “errors”."),
        ("get", "/api/articles/nope/", 404, "Not found", "This does not exist, or you may not see it."),
        ("get", "/api/claims/not-an-id/", 404, "Not found", "This does not exist, or you may not see it."),
        ("get", "/api/nope/", 404, "Not found", "This does not exist, or you may not see it."),
        ("get", "/api/articles/a%0Ab/", 404, "Not found", "This does not exist, or you may not see it."),
        ("post", "/api/nope/", 404, "Not found", "This does not exist, or you may not see it."),
        ("put", "/api/claims/", 405, "Method not allowed", 'Method "PUT" not allowed.'),
    ],
)
def test_problem_has_the_title_of_its_status(client, claim, method, url, status, title, detail):
    response = getattr(client, method)(url)

    problem = response.json()
    assert (response.status_code, problem["status"], problem["title"], problem["detail"]) == (
        *(status, status),
        *(title, detail),
    )
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"


def test_other_media_type_is_named(client, claim, key):
    response = client.post(
        f"/api/claims/{claim.public_id}/review/",
        "verdict=accept",
        content_type="text/plain",
        headers={"Authorization": f"Bearer {key}"},
    )

    assert (response.status_code, response.json()["title"]) == (415, "Unsupported media type")
    assert response.json()["detail"] == 'Unsupported media type "text/plain" in request.'


def test_unexpected_error_is_a_problem_and_is_logged(claim, monkeypatch, caplog):
    monkeypatch.setattr("articles.api.views.search", lambda *args, **kwargs: 1 / 0)

    response = Client(raise_request_exception=False).get("/api/search/?q=bolts")

    assert (response.status_code, response.json()["code"]) == (500, "error")
    (logged,) = [entry for entry in caplog.records if entry.name == "articles.api"]
    assert logged.exc_info[0] is ZeroDivisionError


def test_database_failure_is_answered_with_503(claim, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr("articles.api.views.search", fail)

    response = Client(raise_request_exception=False).get("/api/search/?q=bolts")

    assert (response.status_code, response.json()["code"], "Retry-After" in response) == (503, "unavailable", True)


def test_index_lists_urls_for_programs(client):
    index = client.get("/api/", headers={"Accept": "application/json"}).json()

    assert index["claims"] == "http://testserver/api/claims/"
    assert {client.get(url, {"q": "x"} if name == "search" else {}).status_code for name, url in index.items()} == {
        200
    }


def test_path_without_slash_still_redirects(client):
    assert client.get("/api/claims")["Location"] == "/api/claims/"


# --- Limits ---


@pytest.fixture
def two_a_minute(monkeypatch):
    monkeypatch.setitem(AnonRateThrottle.THROTTLE_RATES, "anon", "2/min")


def test_wrong_keys_are_throttled(client, claim, two_a_minute):
    headers = {"Authorization": "Bearer otr_wrong"}

    assert [client.get("/api/claims/", headers=headers).status_code for _ in range(3)] == [401, 401, 429]


def test_made_up_proxy_entry_does_not_evade_limit(client, claim, two_a_minute, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}

    responses = [client.get("/api/claims/", headers={"X-Forwarded-For": f"10.0.0.{n}, 192.0.2.7"}) for n in range(3)]
    other = client.get("/api/claims/", headers={"X-Forwarded-For": "10.0.0.1, 192.0.2.8"})

    assert [response.status_code for response in responses] == [200, 200, 429]
    assert other.status_code == 200


def test_without_a_proxy_its_header_does_not_count(client, claim, two_a_minute):
    responses = [client.get("/api/claims/", headers={"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(3)]

    assert [response.status_code for response in responses] == [200, 200, 429]


# --- With a key ---


def proposal(article, **changes: Any) -> dict[str, Any]:
    text = article.latest.text
    start = text.index("We cannot wait")
    return {
        "statement": "We cannot wait.",
        "form": "direct",
        "extractor": "their-own-1",
        "hops": [{"source": "Ada Roe", "kind": "person", "verb": "said"}],
        "anchors": [{"part": "content", "start": start, "end": start + 14}],
        "revision": article.latest.number,
        **changes,
    }


def test_proposed_claim_awaits_review(client, claim, key):
    response = post(client, f"/api/articles/{claim.article.slug}/claims/", proposal(claim.article), key)

    assert response.status_code == 201, response.content

    proposed = Claim.objects.get(public_id=response.json()["id"])

    assert (proposed.review, proposed.extractor) == ("proposed", "their-own-1")
    assert proposed.hops.get().source.name == "Ada Roe"
    assert len(client.get("/api/claims/").json()["results"]) == 1


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"revision": 7}, 409, "other-revision"),
        ({"anchors": [{"part": "content", "start": 5, "end": 4}]}, 400, "bad-request"),
        ({"anchors": [{"part": "content", "start": 0, "end": 10**6}]}, 400, "bad-request"),
        ({"anchors": [{"part": "cue", "start": 0, "end": 2}]}, 400, "bad-request"),
        ({"hops": []}, 400, "invalid"),
        ({"form": "loud"}, 400, "invalid"),
    ],
)
def test_invalid_proposal_is_refused_and_not_stored(client, claim, key, changes, status, code):
    response = post(client, f"/api/articles/{claim.article.slug}/claims/", proposal(claim.article, **changes), key)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert Claim.objects.count() == 1


NUMBER_TOO_LARGE = 10**400
HOP = {"source": "Ada Roe", "kind": "person"}
FIGURE = {"raw": "40 bolts", "counts": "bolts"}


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("quantities", {"quantities": [{**FIGURE, "lower": 2, "upper": 1}]}),
        ("quantities", {"quantities": [{**FIGURE, "lower": 10**30}]}),
        ("quantities", {"quantities": [{**FIGURE, "lower": NUMBER_TOO_LARGE}]}),
        ("quantities", {"quantities": [{**FIGURE, "lower": "nan"}]}),
        ("quantities", {"quantities": [{**FIGURE, "upper": "inf"}]}),
        ("quantities", {"quantities": [FIGURE] * 101}),
        ("stated_to", {"stated_from": "2024-12-20", "stated_to": "2024-12-19"}),
        ("stated_to", {"stated_from": "2024-12-20"}),
        ("stated_to", {"stated_to": "2024-12-20"}),
        ("stated_from", {"stated_from": "0001-01-01", "stated_to": "2024-12-19"}),
        ("confidence", {"confidence": 2}),
        ("confidence", {"confidence": NUMBER_TOO_LARGE}),
        ("hops", {"hops": [{**HOP, "kind": "anonymous", "unnamed": 2**15}]}),
        ("hops", {"hops": [{**HOP, "kind": "anonymous", "unnamed": 2**63}]}),
        ("hops", {"hops": [{**HOP, "source": "—"}]}),
        ("hops", {"hops": [{**HOP, "organisation": "…"}]}),
        ("hops", {"hops": [HOP] * 21}),
        ("anchors", {"anchors": [{"part": "content", "start": 2**63, "end": 2**63 + 1}]}),
        ("revision", {"revision": 2**63}),
        ("statement", {"statement": "NUL \0"}),
        ("statement", {"statement": "x" * 10_001}),
        ("cue", {"cue": ["said"]}),
        ("form", {"form": {"direct": 1}}),
        ("form", {"form": ["direct"]}),
    ],
)
def test_value_that_cannot_be_stored_is_refused(client, claim, key, field, changes):
    response = post(client, f"/api/articles/{claim.article.slug}/claims/", proposal(claim.article, **changes), key)

    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert list(response.json()["errors"]) == [field]
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        '{"statement": ' + "[" * 2000 + "]" * 2000 + "}",
        '{"statement": ' + "[" * 800 + "]" * 800 + "}",
        '{"statement": ' + "[" * 100_000,
        '{"statement": "\\ud800"}',
        '{"\\udfff": 1}',
        '{"form": "\\ud800"}',
        '{"revision": ' + "9" * 5000 + "}",
        '{"revision": NaN}',
        "[1, 2]",
        '"text"',
        "null",
        "{",
        "\ud800".encode("utf-8", "surrogatepass"),
        b"\xff\xfe{",
    ],
)
@pytest.mark.parametrize("url", ["articles/{article}/claims/", "articles/{article}/step/", "claims/{claim}/review/"])
def test_body_that_is_not_an_object_is_refused(client, claim, key, url, body):
    path = "/api/" + url.format(article=claim.article.slug, claim=claim.public_id)

    response = client.post(path, body, content_type="application/json", headers={"Authorization": f"Bearer {key}"})

    assert (response.status_code, response.json()["title"]) == (400, "Bad request")


def test_body_of_two_megabytes_is_refused(client, claim, key):
    response = post(client, f"/api/claims/{claim.public_id}/review/", {"verdict": "x" * 2_000_000}, key)

    assert (response.status_code, response.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "3000-01-01T00:00:00Z", "soon"])
def test_implausible_time_is_refused(client, key, at):
    article = ArticleFactory(status="in_review", paragraphs=["The bridge will close."])

    response = post(client, f"/api/articles/{article.slug}/step/", {"step": "publish", "at": at}, key)

    assert (response.status_code, list(response.json()["errors"])) == (400, ["at"])


def test_proposed_figure_keeps_its_bounds(client, claim, key):
    sent = {**FIGURE, "lower": 1 / 3, "upper": 40}
    response = post(
        client, f"/api/articles/{claim.article.slug}/claims/", proposal(claim.article, quantities=[sent]), key
    )

    (figure,) = response.json()["quantities"]
    assert (figure["lower"], figure["upper"], figure["lower_inclusive"]) == (0.333333, 40, True)


def test_review_of_changed_claim_is_refused(client, claim, key):
    url = f"/api/claims/{claim.public_id}/review/"

    assert post(client, url, {"verdict": "reject", "seen": "proposed"}, key).json()["code"] == "judged-since"
    assert post(client, url, {"verdict": "reject", "seen": "accepted"}, key).json()["review"] == "rejected"

    claim.refresh_from_db()

    assert claim.reviewed_by.username == ApiKey.objects.get().user.username


def test_publishing_step_follows_the_rules(client, claim, key):
    url = f"/api/articles/{claim.article.slug}/step/"

    response = post(client, url, {"step": "submit"}, key)

    assert (response.status_code, response.json()["code"]) == (409, "not-a-draft")
    assert post(client, url, {"step": "retract", "note": "Wrong."}, key).status_code == 403


def test_article_is_scheduled_and_embargoed(client, key):
    article = ArticleFactory(status="in_review", paragraphs=["The bridge will close."])
    url, later = f"/api/articles/{article.slug}/step/", "2999-01-01T09:00:00Z"

    missing = post(client, url, {"step": "schedule"}, key)

    assert (missing.status_code, "at" in missing.content.decode()) == (400, True)
    assert post(client, url, {"step": "schedule", "at": "2001-01-01T09:00:00Z"}, key).json()["code"] == "time-gone"
    assert post(client, url, {"step": "schedule", "at": later}, key).json()["status"] == "scheduled"
    assert post(client, url, {"step": "unschedule"}, key).json()["status"] == "in_review"
    assert post(client, url, {"step": "unschedule"}, key).json()["code"] == "not-scheduled"
    assert post(client, url, {"step": "embargo", "at": later}, key).status_code == 200

    article.refresh_from_db()

    assert article.embargo_until is not None
    assert post(client, url, {"step": "lift-embargo"}, key).status_code == 200

    article.refresh_from_db()

    assert article.embargo_until is None


@pytest.mark.parametrize("url", ["claims/", "step/"])
def test_writing_without_a_key_is_refused(client, claim, url):
    response = post(client, f"/api/articles/{claim.article.slug}/{url}", proposal(claim.article))

    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_session_does_not_replace_a_key(client_of, editor, claim):
    response = post(
        client_of(editor), f"/api/claims/{claim.public_id}/review/", {"verdict": "reject", "seen": "accepted"}
    )

    assert response.status_code == 401


@pytest.mark.parametrize("reason", ["revoked", "unknown", "account"])
def test_invalid_key_is_refused(client, claim, key, reason, editor):
    if reason == "revoked":
        ApiKey.objects.update(revoked_at=timezone.now())
    elif reason == "account":
        editor.is_active = False
        editor.save()
    else:
        key = key[:-1]

    assert client.get("/api/claims/", headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_key_is_shown_once_and_stored_as_digest(client_of, editor):
    desk = client_of(editor)
    shown = desk.post("/admin/articles/apikey/add/", {"name": "wire script"}, follow=True).content.decode()
    api_key = ApiKey.objects.get()

    key = shown.split("otr_", 1)[1].split("<", 1)[0]

    assert ApiKey.hash_key(f"otr_{key}") == api_key.digest
    assert api_key.user == editor
    assert key not in desk.get("/admin/articles/apikey/").content.decode()


def test_keys_of_other_users_are_not_listed(client_of, editor, chief, key):
    ApiKey.objects.update(user=chief)

    assert "desk" not in client_of(editor).get("/admin/articles/apikey/").content.decode().split("result_list")[-1]


# --- What is logged ---


def test_change_with_a_key_is_logged_with_its_user(client, claim, key, caplog):
    caplog.set_level("INFO", "articles.api")

    post(client, f"/api/claims/{claim.public_id}/review/", {"verdict": "reject", "seen": "accepted"}, key)

    assert caplog.messages == [f"edna reviewed claim {claim.public_id}: rejected"]


def test_revoked_key_is_logged_without_the_key(client, claim, key, caplog):
    ApiKey.objects.update(revoked_at=timezone.now())

    client.get("/api/claims/", headers={"Authorization": f"Bearer {key}"})

    (message,) = [entry.getMessage() for entry in caplog.records if entry.name == "articles.api"]
    assert message == f"Refused the revoked key desk ({key[:10]}…) for /api/claims/"
