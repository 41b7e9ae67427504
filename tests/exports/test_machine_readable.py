"""Articles as ninjs and plain text, claims as Web Annotations."""

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
    """The article with all that ninjs can describe."""
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


def test_ninjs_item_has_article_fields(client, rich):
    item = ninjs(client, rich)

    assert item["uri"] == f"urn:uuid:{rich.public_id}"
    assert item["headlines"][0]["value"] == "Bridge has loose bolts"
    assert (item["by"], item["located"], item["pubStatus"]) == ("Per Holm", "SKERRY", "usable")
    assert item["bodies"][0]["value"] == rich.live.body
    assert item["bodies"][1]["value"] == rich.live.text
    assert [person["name"] for person in item["people"]] == ["Ada Roe"]
    assert [organisation["name"] for organisation in item["organisations"]] == ["Bridge Inspectorate"]
    assert [source["role"] for source in item["infoSources"]] == ["agency", "publisher", "distributor"]
    assert item["associations"][0]["type"] == "picture"
    assert item["edNote"] == "The bolts are 40."
    assert item["versionCreated"] > item["firstCreated"]


@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_ninjs_item_is_valid_by_the_schema(client, rich, chief, version):
    valid(ninjs(client, rich), version)
    valid(ninjs(client, published_article(text="One.", headline="\U0001f525\x07<")), version)
    retract(rich, by=chief, note="Forged.")
    valid(ninjs(client, rich), version)


def test_retracted_article_is_canceled_without_content(client, rich, chief):
    retract(rich, by=chief, note="It was forged.")

    item = ninjs(client, rich)

    assert item["pubStatus"] == "canceled"
    assert item["edNote"] == "It was forged. The bolts are 40."
    assert not {"bodies", "descriptions", "people", "organisations", "associations", "subjects"} & item.keys()
    assert "hurt" not in json.dumps(item)


# --- Plain text ---


def test_plain_text_is_the_text_of_anchors(client, story):
    response = client.get("/articles/bridge/text.txt")

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == story.live.text


def test_draft_revision_is_not_exported(client, story):
    add_revision(story, paragraphs=["The zeppelin fell."])

    for end in ("text.txt", "ninjs.json"):
        assert b"zeppelin" not in client.get(f"/articles/bridge/{end}").content


# --- Web Annotation ---


def annotation(client, claim):
    response = client.get(f"{claim.get_absolute_url()}annotation.json")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    return json.loads(response.content)


def test_annotation_targets_the_words_of_the_claim(client, story):
    claim = Claim.objects.get(form="direct")

    found = annotation(client, claim)

    assert found["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert found["type"] == "Annotation"
    assert found["id"] == f"http://testserver/claims/{claim.public_id}/annotation.json"
    assert found["body"][0]["value"] == claim.statement

    on_page = [target for target in found["target"] if target["source"] == "http://testserver/articles/bridge/"]

    assert [target["selector"]["exact"] for target in on_page] == ["We cannot wait,", "Somebody will be hurt."]
    assert on_page[0]["selector"]["prefix"].endswith(
        "Ada Roe said after a briefing by the Bridge Inspectorate.\n\n“"[-32:]
    )
    assert on_page[0]["selector"]["suffix"].startswith("” she told reporters")


def test_annotation_positions_are_code_points_of_plain_text(client):
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


def test_annotation_of_the_whole_text_has_no_context(client):
    claim = make_claim(published_article(paragraphs=["It fell."]), quote="It fell.")

    selector = annotation(client, claim)["target"][0]["selector"]

    assert (selector["prefix"], selector["suffix"]) == ("", "")


def test_annotation_uses_only_terms_of_the_standard(client, story):
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

    for claim in Claim.objects.public():
        found = annotation(client, claim)
        check(found)
        assert {found["motivation"], *(body["purpose"] for body in found["body"])} <= set(terms)


# --- All of them ---


@pytest.mark.parametrize("status", ["draft", "in_review", "scheduled", "retracted"])
def test_unpublished_article_has_no_exports(client, status):
    article = ArticleFactory(status=status, paragraphs=["It fell."])

    claim = make_claim(article, quote="It fell.")

    assert client.get(f"{claim.get_absolute_url()}annotation.json").status_code == 404
    assert client.get(f"{article.get_absolute_url()}text.txt").status_code == 404

    expected = 200 if status == "retracted" else 404

    assert client.get(f"{article.get_absolute_url()}ninjs.json").status_code == expected


def test_proposed_claim_has_no_annotation(client, story):
    claim = make_claim(story, quote="nothing else", review="proposed")

    assert client.get(f"{claim.get_absolute_url()}annotation.json").status_code == 404


@pytest.mark.parametrize(("end", "queries"), [("ninjs.json", 5), ("text.txt", 1), ("share.png", 1)])
def test_article_exports_have_fixed_numbers_of_queries(client, rich, end, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        client.get(f"/articles/bridge/{end}")


@pytest.mark.parametrize(("end", "queries"), [("annotation.json", 4), ("share.png", 3)])
def test_claim_exports_have_fixed_numbers_of_queries(client, story, end, queries, django_assert_num_queries):
    for claim in Claim.objects.public():
        with django_assert_num_queries(queries):
            client.get(f"{claim.get_absolute_url()}{end}")


def test_exports_allow_other_sites_and_have_etags(client, story):
    claim = Claim.objects.get(form="direct")
    for url in (
        *("/articles/bridge/ninjs.json", "/articles/bridge/text.txt"),
        f"{claim.get_absolute_url()}annotation.json",
    ):
        first = client.get(url)
        assert first.headers["Access-Control-Allow-Origin"] == "*"
        assert client.get(url, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        assert client.post(url).status_code == 405
        assert not first.cookies


def test_head_of_page_links_to_its_exports(client, story):
    claim = Claim.objects.get(form="direct")

    head = client.get("/articles/bridge/").content.decode().partition("</head>")[0]

    assert 'href="/articles/bridge/ninjs.json"' in head
    assert 'href="/articles/bridge/text.txt"' in head

    head = client.get(claim.get_absolute_url()).content.decode().partition("</head>")[0]

    assert f'href="{claim.get_absolute_url()}annotation.json"' in head
