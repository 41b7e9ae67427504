"""/api/: what anybody may read, what a key may change, and how mistakes are answered."""

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
def no_throttle_left_over():
    cache.clear()


@pytest.fixture
def told(db):
    article = published_article(agency=get_source("Wire"), publisher=get_source("Quay"))
    return make_claim(
        article, quote=QUOTE, by=["Ada Roe", "Bo Lind"], figures=[make_quantity("40", lower=40, counts="bolts")]
    )


@pytest.fixture
def key(editor):
    token = ApiKey(user=editor, name="desk")
    made = token.generate_key()
    token.save()
    return made


def post(client, address: str, body: Any, key: str = "") -> Any:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return client.post(address, json.dumps(body), content_type="application/json", headers=headers)


# --- Reading ---


def test_claims_are_in_the_exchange_form(client, told):
    (row,) = client.get("/api/claims/").json()["results"]
    assert row["id"] == str(told.public_id)
    assert [hop["source"] for hop in row["hops"]] == ["Ada Roe", "Bo Lind"]
    assert row["quotes"] == [QUOTE]
    assert row["quantities"][0]["lower"] == 40
    assert row["article"]["slug"] == told.article.slug
    assert client.get(f"/api/claims/{told.public_id}/").json() == row


def test_a_story_is_whole(client, told):
    story = client.get(f"/api/articles/{told.article.slug}/").json()
    assert story["headline"] == told.article.live.headline
    assert [one["id"] for one in story["claims"]] == [str(told.public_id)]
    text = "\n\n".join(story["paragraphs"])
    anchor = next(a for a in story["claims"][0]["anchors"] if a["part"] == "content")
    assert text[anchor["start"] : anchor["end"]] == QUOTE


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/api/sources/", {"Ada Roe", "Bo Lind"}),
        ("/api/sources/?text=ada", {"Ada Roe"}),
    ],
)
def test_sources(client, told, address, names):
    assert {row["name"] for row in client.get(address).json()["results"]} == names


def test_one_source(client, told):
    found = client.get(f"/api/sources/{get_source('Ada Roe').slug}/").json()
    assert (found["name"], found["claims"], found["aliases"]) == ("Ada Roe", 1, [])


def test_ledgers(client, told):
    ledger = LedgerFactory(name="Bolts", slug="bolts")
    told.quantities.update(ledger=ledger)
    assert [row["slug"] for row in client.get("/api/ledgers/").json()["results"]] == ["bolts"]
    found = client.get("/api/ledgers/bolts/").json()
    assert found["name"] == "Bolts"
    assert [(line["raw"], line["origin"], line["teller"]) for line in found["results"]] == [
        ("40", "Ada Roe", "Bo Lind")
    ]


def test_search(client, told):
    found = client.get("/api/search/?q=bolts").json()
    assert [row["slug"] for row in found["articles"]] == [told.article.slug]
    assert [row["id"] for row in found["claims"]] == [str(told.public_id)]
    assert client.get("/api/search/").status_code == 400


def test_the_sites_own_filters_hold(client, told):
    assert len(client.get("/api/claims/?origin=ada-roe").json()["results"]) == 1
    assert client.get("/api/claims/?origin=bo-lind").json()["results"] == []
    wrong = client.get("/api/claims/?form=loud")
    assert wrong.status_code == 400
    assert wrong["Content-Type"].startswith("application/problem+json")
    assert "loud is not one of the available choices" in wrong.json()["errors"]["form"][0]


def test_pages_lead_on_and_back(client):
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
def test_what_readers_may_not_see_is_nowhere(client, told, state):
    if state in ("proposed", "rejected"):
        Claim.objects.filter(pk=told.pk).update(
            **(
                {"review": state}
                if state == "rejected"
                else {"review": state, "reviewed_at": None, "reviewed_how": ""}
            )
        )
    else:
        type(told.article).objects.filter(pk=told.article_id).update(status=state)
    assert client.get("/api/claims/").json()["results"] == []
    assert client.get(f"/api/claims/{told.public_id}/").status_code == 404
    assert client.get("/api/sources/").json()["results"] == []
    if state in ("retracted", "draft"):
        assert client.get(f"/api/articles/{told.article.slug}/").status_code == 404
    else:
        assert client.get(f"/api/articles/{told.article.slug}/").json()["claims"] == []
    assert client.get("/api/search/?q=bolts").json()["claims"] == []


@pytest.mark.parametrize("address", ["/api/claims/", "/api/articles/", "/api/sources/", "/api/ledgers/"])
def test_takes_a_fixed_number_of_queries_however_much_there_is(client, address):
    counts = []
    for number in (1, 9):
        for _ in range(number):
            made = make_claim(
                published_article(), quote=QUOTE, by=["Ada Roe", "Bo Lind"], figures=[make_quantity("40", lower=40)]
            )
            made.quantities.update(ledger=LedgerFactory())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_anybody_may_read_from_any_page_and_no_cookie_is_set(client, told):
    answer = client.get("/api/claims/")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies


def test_too_many_requests_are_told_to_wait(client, told, settings):
    from rest_framework.throttling import AnonRateThrottle

    rates = AnonRateThrottle.THROTTLE_RATES
    kept = dict(rates)
    rates["anon"] = "2/min"
    try:
        codes = [client.get("/api/claims/").status_code for _ in range(3)]
    finally:
        rates.update(kept)
    assert codes == [200, 200, 429]


def test_the_page_to_try_it_needs_nothing_from_elsewhere_and_no_inline_script(client):
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
        made = make_claim(
            article, quote=QUOTE, by=["Ada Roe", "Bo Lind"], figures=[make_quantity("40", lower=40, ledger=ledger)]
        )
    slug = get_source("Ada Roe").slug

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url.format(article=article.slug, claim=made.public_id, source=slug))

    assert (answer.status_code, len(queries)) == (200, count)


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
def test_unknown_parameter_is_refused(client, told, url, sentence):
    answer = client.get(url)

    assert answer.status_code == 400
    assert answer.json()["code"] == "unknown-parameter"
    assert answer.json()["detail"] == sentence


def test_parameters_of_trackers_are_ignored(client, told):
    assert len(client.get("/api/claims/?utm_source=letter&fbclid=1").json()["results"]) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("figure_min=100&figure_max=50", "figure_min"),
        ("after=2024-12-30&before=2024-12-01", "after"),
        ("said_after=2024-12-30&said_before=2024-12-01", "said_after"),
    ],
)
def test_inverted_range_is_refused(client, told, query, field):
    answer = client.get(f"/api/claims/?{query}")

    assert answer.status_code == 400
    assert "is above" in answer.json()["errors"][field][0]


@pytest.mark.parametrize("query", ["figure_min=40&figure_max=40", "after=2024-12-19&before=2024-12-19"])
def test_range_of_one_value_is_allowed(client, told, query):
    assert len(client.get(f"/api/claims/?{query}").json()["results"]) == 1


@pytest.mark.parametrize("size", ["0", "101", "-1", "x", "1.5", "9" * 5000])
def test_size_out_of_bounds_is_refused(client, told, size):
    assert client.get(f"/api/claims/?size={size}").json()["code"] == "bad-size"


def test_cursor_with_seconds_in_its_offset_is_refused(client, told):
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
def test_problem_has_the_title_of_its_status(client, told, method, url, status, title, detail):
    answer = getattr(client, method)(url)

    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["title"], problem["detail"]) == (
        *(status, status),
        *(title, detail),
    )
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_other_media_type_is_named(client, told, key):
    answer = client.post(
        f"/api/claims/{told.public_id}/review/",
        "verdict=accept",
        content_type="text/plain",
        headers={"Authorization": f"Bearer {key}"},
    )

    assert (answer.status_code, answer.json()["title"]) == (415, "Unsupported media type")
    assert answer.json()["detail"] == 'Unsupported media type "text/plain" in request.'


def test_unexpected_error_is_a_problem_and_is_logged(told, monkeypatch, caplog):
    monkeypatch.setattr("articles.api.views.search", lambda *args, **kwargs: 1 / 0)

    answer = Client(raise_request_exception=False).get("/api/search/?q=bolts")

    assert (answer.status_code, answer.json()["code"]) == (500, "error")
    (logged,) = [entry for entry in caplog.records if entry.name == "articles.api"]
    assert logged.exc_info[0] is ZeroDivisionError


def test_database_failure_is_answered_with_503(told, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr("articles.api.views.search", fail)

    answer = Client(raise_request_exception=False).get("/api/search/?q=bolts")

    assert (answer.status_code, answer.json()["code"], "Retry-After" in answer) == (503, "unavailable", True)


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


def test_wrong_keys_are_throttled(client, told, two_a_minute):
    headers = {"Authorization": "Bearer otr_wrong"}

    assert [client.get("/api/claims/", headers=headers).status_code for _ in range(3)] == [401, 401, 429]


def test_made_up_proxy_entry_does_not_evade_limit(client, told, two_a_minute, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}

    answers = [client.get("/api/claims/", headers={"X-Forwarded-For": f"10.0.0.{n}, 192.0.2.7"}) for n in range(3)]
    other = client.get("/api/claims/", headers={"X-Forwarded-For": "10.0.0.1, 192.0.2.8"})

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert other.status_code == 200


def test_without_a_proxy_its_header_does_not_count(client, told, two_a_minute):
    answers = [client.get("/api/claims/", headers={"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


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


def test_a_proposed_claim_waits_for_an_editor(client, told, key):
    answer = post(client, f"/api/articles/{told.article.slug}/claims/", proposal(told.article), key)
    assert answer.status_code == 201, answer.content
    made = Claim.objects.get(public_id=answer.json()["id"])
    assert (made.review, made.extractor) == ("proposed", "their-own-1")
    assert made.hops.get().source.name == "Ada Roe"
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
def test_a_proposal_that_does_not_fit_is_refused_and_leaves_nothing(client, told, key, changes, status, code):
    answer = post(client, f"/api/articles/{told.article.slug}/claims/", proposal(told.article, **changes), key)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
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
def test_value_that_cannot_be_stored_is_refused(client, told, key, field, changes):
    answer = post(client, f"/api/articles/{told.article.slug}/claims/", proposal(told.article, **changes), key)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["errors"]) == [field]
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
def test_body_that_is_not_an_object_is_refused(client, told, key, url, body):
    path = "/api/" + url.format(article=told.article.slug, claim=told.public_id)

    answer = client.post(path, body, content_type="application/json", headers={"Authorization": f"Bearer {key}"})

    assert (answer.status_code, answer.json()["title"]) == (400, "Bad request")


def test_body_of_two_megabytes_is_refused(client, told, key):
    answer = post(client, f"/api/claims/{told.public_id}/review/", {"verdict": "x" * 2_000_000}, key)

    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "3000-01-01T00:00:00Z", "soon"])
def test_time_that_nobody_means_is_refused(client, key, at):
    story = ArticleFactory(status="in_review", paragraphs=["The bridge will close."])

    answer = post(client, f"/api/articles/{story.slug}/step/", {"step": "publish", "at": at}, key)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["at"])


def test_proposed_figure_keeps_its_bounds(client, told, key):
    sent = {**FIGURE, "lower": 1 / 3, "upper": 40}
    answer = post(client, f"/api/articles/{told.article.slug}/claims/", proposal(told.article, quantities=[sent]), key)

    (figure_,) = answer.json()["quantities"]
    assert (figure_["lower"], figure_["upper"], figure_["lower_inclusive"]) == (0.333333, 40, True)


def test_a_review_is_refused_where_somebody_judged_since(client, told, key):
    address = f"/api/claims/{told.public_id}/review/"
    assert post(client, address, {"verdict": "reject", "seen": "proposed"}, key).json()["code"] == "judged-since"
    assert post(client, address, {"verdict": "reject", "seen": "accepted"}, key).json()["review"] == "rejected"
    told.refresh_from_db()
    assert told.reviewed_by.username == ApiKey.objects.get().user.username


def test_publishing_goes_by_the_same_rules(client, told, key):
    address = f"/api/articles/{told.article.slug}/step/"
    answer = post(client, address, {"step": "submit"}, key)
    assert (answer.status_code, answer.json()["code"]) == (409, "not-a-draft")
    assert post(client, address, {"step": "retract", "note": "Wrong."}, key).status_code == 403


def test_a_story_is_scheduled_and_kept_back_by_the_same_rules(client, key):
    story = ArticleFactory(status="in_review", paragraphs=["The bridge will close."])
    address, later = f"/api/articles/{story.slug}/step/", "2999-01-01T09:00:00Z"
    missing = post(client, address, {"step": "schedule"}, key)
    assert (missing.status_code, "at" in missing.content.decode()) == (400, True)
    assert post(client, address, {"step": "schedule", "at": "2001-01-01T09:00:00Z"}, key).json()["code"] == "time-gone"
    assert post(client, address, {"step": "schedule", "at": later}, key).json()["status"] == "scheduled"
    assert post(client, address, {"step": "unschedule"}, key).json()["status"] == "in_review"
    assert post(client, address, {"step": "unschedule"}, key).json()["code"] == "not-scheduled"
    assert post(client, address, {"step": "embargo", "at": later}, key).status_code == 200
    story.refresh_from_db()
    assert story.embargo_until is not None
    assert post(client, address, {"step": "lift-embargo"}, key).status_code == 200
    story.refresh_from_db()
    assert story.embargo_until is None


@pytest.mark.parametrize("address", ["claims/", "step/"])
def test_without_a_key_nothing_changes(client, told, address):
    answer = post(client, f"/api/articles/{told.article.slug}/{address}", proposal(told.article))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_is_no_key(client_of, editor, told):
    answer = post(
        client_of(editor), f"/api/claims/{told.public_id}/review/", {"verdict": "reject", "seen": "accepted"}
    )
    assert answer.status_code == 401


@pytest.mark.parametrize("why", ["revoked", "unknown", "account"])
def test_a_key_that_is_no_more_opens_nothing(client, told, key, why, editor):
    if why == "revoked":
        ApiKey.objects.update(revoked_at=timezone.now())
    elif why == "account":
        editor.is_active = False
        editor.save()
    else:
        key = key[:-1]
    assert client.get("/api/claims/", headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_a_key_is_shown_once_and_kept_as_its_digest(client_of, editor):
    desk = client_of(editor)
    shown = desk.post("/admin/articles/apikey/add/", {"name": "wire script"}, follow=True).content.decode()
    token = ApiKey.objects.get()
    key = shown.split("otr_", 1)[1].split("<", 1)[0]
    assert ApiKey.hash_key(f"otr_{key}") == token.digest
    assert token.user == editor
    assert key not in desk.get("/admin/articles/apikey/").content.decode()


def test_keys_of_others_are_not_shown(client_of, editor, chief, key):
    ApiKey.objects.update(user=chief)
    assert "desk" not in client_of(editor).get("/admin/articles/apikey/").content.decode().split("result_list")[-1]


# --- What is logged ---


def test_what_a_key_changes_is_logged_with_its_account(client, told, key, caplog):
    caplog.set_level("INFO", "articles.api")

    post(client, f"/api/claims/{told.public_id}/review/", {"verdict": "reject", "seen": "accepted"}, key)

    assert caplog.messages == [f"edna reviewed claim {told.public_id}: rejected"]


def test_revoked_key_is_logged_without_the_key(client, told, key, caplog):
    ApiKey.objects.update(revoked_at=timezone.now())

    client.get("/api/claims/", headers={"Authorization": f"Bearer {key}"})

    (message,) = [entry.getMessage() for entry in caplog.records if entry.name == "articles.api"]
    assert message == f"Refused the revoked key desk ({key[:10]}…) for /api/claims/"
