"""A story as ninjs and as plain text, a claim as a Web Annotation."""

from __future__ import annotations

import json

import pytest

from articles.models import Claim
from articles.publishing.actions import correct, retract
from tests.factories import (
    ArticleFactory,
    ArticleImageFactory,
    BylineFactory,
    ImageFactory,
    TopicFactory,
    add_revision,
    make_claim,
    published_article,
)
from tests.requirements import SHARED

pytestmark = pytest.mark.django_db

SCHEMAS = SHARED / "samples" / "schemas"


# --- ninjs ---


@pytest.fixture
def rich(story, editor):
    """The story with everything that ninjs can say of one."""
    BylineFactory(article=story, name="Per Holm")
    story.topics.add(TopicFactory(name="Harbour", slug="harbour"))
    ArticleImageFactory(article=story, image=ImageFactory(), caption="The bridge", alt="A bridge", credit="A. Foto")
    correct(story, by=editor, kind="correction", note="The bolts are 40.")
    return story


def ninjs(client, article):
    response = client.get(f"{article.get_absolute_url()}ninjs.json")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    return json.loads(response.content)


def valid(item, version):
    schema = SCHEMAS / f"ninjs-schema_{version}.json"
    if not schema.is_file():
        pytest.skip("needs the schema of ninjs in ../shared")
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator(
        json.loads(schema.read_text(encoding="utf-8")),
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    ).validate(item)


def test_a_story_in_ninjs(client, rich):
    item = ninjs(client, rich)
    assert item["uri"] == f"urn:uuid:{rich.public_id}"
    assert item["headlines"][0]["value"] == "Bridge has loose bolts"
    assert (item["by"], item["located"], item["pubStatus"]) == ("Per Holm", "SKERRY", "usable")
    assert item["bodies"][0]["value"] == rich.live.body
    assert item["bodies"][1]["value"] == rich.live.text
    assert [person["name"] for person in item["people"]] == ["Ada Roe"]
    assert [one["name"] for one in item["organisations"]] == ["Bridge Inspectorate"]
    assert [one["role"] for one in item["infoSources"]] == ["agency", "publisher", "distributor"]
    assert item["associations"][0]["type"] == "picture"
    assert item["edNote"] == "The bolts are 40."
    assert item["versionCreated"] > item["firstCreated"]


@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_it_is_valid_by_the_published_schema(client, rich, chief, version):
    valid(ninjs(client, rich), version)
    valid(ninjs(client, published_article(text="One.", headline="\U0001f525\x07<")), version)
    retract(rich, by=chief, note="Forged.")
    valid(ninjs(client, rich), version)


def test_a_retracted_story_is_cancelled_and_says_no_more(client, rich, chief):
    retract(rich, by=chief, note="It was forged.")
    item = ninjs(client, rich)
    assert item["pubStatus"] == "canceled"
    assert item["edNote"] == "It was forged. The bolts are 40."
    assert not {"bodies", "descriptions", "people", "organisations", "associations", "subjects"} & item.keys()
    assert "hurt" not in json.dumps(item)


# --- Plain text ---


def test_the_plain_text_is_what_anchors_count_in(client, story):
    response = client.get("/articles/bridge/text.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == story.live.text


def test_a_draft_is_in_none_of_them(client, story):
    add_revision(story, paragraphs=["The zeppelin fell."])
    for end in ("text.txt", "ninjs.json"):
        assert b"zeppelin" not in client.get(f"/articles/bridge/{end}").content


# --- Web Annotation ---


def annotation(client, made):
    response = client.get(f"{made.get_absolute_url()}annotation.json")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    return json.loads(response.content)


def test_a_claim_is_an_annotation_of_its_words(client, story):
    made = Claim.objects.get(form="direct")
    found = annotation(client, made)
    assert found["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert found["type"] == "Annotation"
    assert found["id"] == f"http://testserver/claims/{made.public_id}/annotation.json"
    assert found["body"][0]["value"] == made.statement
    on_page = [target for target in found["target"] if target["source"] == "http://testserver/articles/bridge/"]
    assert [target["selector"]["exact"] for target in on_page] == ["We cannot wait,", "Somebody will be hurt."]
    assert on_page[0]["selector"]["prefix"].endswith(
        "Ada Roe said after a briefing by the Bridge Inspectorate.\n\n“"[-32:]
    )
    assert on_page[0]["selector"]["suffix"].startswith("” she told reporters")


def test_its_positions_are_code_points_of_the_plain_text_that_it_names(client):
    words = "«\U0001f6a2 мост é», said she."
    article = published_article(paragraphs=["\U0001f525\U0001f525 Opening.", words])
    found = annotation(client, make_claim(article, quote="\U0001f6a2 мост é", by="Ada Roe"))
    (target,) = [target for target in found["target"] if isinstance(target["source"], dict)]
    text = client.get(target["source"]["id"].removeprefix("http://testserver")).content.decode()
    quotation, position = target["selector"]
    assert (quotation["type"], position["type"]) == ("TextQuoteSelector", "TextPositionSelector")
    assert text[position["start"] : position["end"]] == quotation["exact"] == "\U0001f6a2 мост é"
    around = quotation["prefix"] + quotation["exact"] + quotation["suffix"]
    assert text.index(around) + len(quotation["prefix"]) == position["start"]


def test_words_at_either_end_of_the_text_have_nothing_around_them(client):
    made = make_claim(published_article(paragraphs=["It fell."]), quote="It fell.")
    selector = annotation(client, made)["target"][0]["selector"]
    assert (selector["prefix"], selector["suffix"]) == ("", "")


def test_every_term_is_the_models_own(client, story):
    context = SCHEMAS / "anno.jsonld"
    if not context.is_file():
        pytest.skip("needs the context of Web Annotation in ../shared")
    terms = json.loads(context.read_text(encoding="utf-8"))["@context"]

    def check(value):
        if isinstance(value, dict):
            assert set(value) - {"@context"} <= set(terms), set(value) - set(terms)
            assert value.get("type", "Annotation") in terms
            for inner in value.values():
                check(inner)
        elif isinstance(value, list):
            for inner in value:
                check(inner)

    for made in Claim.objects.public():
        found = annotation(client, made)
        check(found)
        assert {found["motivation"], *(body["purpose"] for body in found["body"])} <= set(terms)


# --- All of them ---


@pytest.mark.parametrize("status", ["draft", "in_review", "scheduled", "retracted"])
def test_of_what_is_not_out_there_is_nothing(client, status):
    article = ArticleFactory(status=status, paragraphs=["It fell."])
    made = make_claim(article, quote="It fell.")
    assert client.get(f"{made.get_absolute_url()}annotation.json").status_code == 404
    assert client.get(f"{article.get_absolute_url()}text.txt").status_code == 404
    expected = 200 if status == "retracted" else 404
    assert client.get(f"{article.get_absolute_url()}ninjs.json").status_code == expected


def test_a_proposed_claim_is_no_annotation(client, story):
    made = make_claim(story, quote="nothing else", review="proposed")
    assert client.get(f"{made.get_absolute_url()}annotation.json").status_code == 404


@pytest.mark.parametrize(("end", "queries"), [("ninjs.json", 5), ("text.txt", 1), ("share.png", 1)])
def test_a_storys_documents_cost_what_they_say(client, rich, end, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        client.get(f"/articles/bridge/{end}")


@pytest.mark.parametrize(("end", "queries"), [("annotation.json", 4), ("share.png", 3)])
def test_a_claims_documents_cost_what_they_say(client, story, end, queries, django_assert_num_queries):
    for made in Claim.objects.public():
        with django_assert_num_queries(queries):
            client.get(f"{made.get_absolute_url()}{end}")


def test_they_are_open_to_other_sites_and_told_apart_by_their_etag(client, story):
    made = Claim.objects.get(form="direct")
    for address in (
        *("/articles/bridge/ninjs.json", "/articles/bridge/text.txt"),
        f"{made.get_absolute_url()}annotation.json",
    ):
        first = client.get(address)
        assert first.headers["Access-Control-Allow-Origin"] == "*"
        assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        assert client.post(address).status_code == 405
        assert not first.cookies


def test_each_page_names_its_documents_in_its_head(client, story):
    made = Claim.objects.get(form="direct")
    head = client.get("/articles/bridge/").content.decode().partition("</head>")[0]
    assert 'href="/articles/bridge/ninjs.json"' in head
    assert 'href="/articles/bridge/text.txt"' in head
    head = client.get(made.get_absolute_url()).content.decode().partition("</head>")[0]
    assert f'href="{made.get_absolute_url()}annotation.json"' in head
