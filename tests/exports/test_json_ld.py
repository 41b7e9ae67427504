"""JSON-LD: valid schema.org, with the content of its page, and safe in HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from articles.exports.json_ld import script_content
from articles.models import Article, Claim
from articles.publishing.actions import correct, retract
from sources.models import Source
from tests.factories import (
    AffiliationFactory,
    ArticleImageFactory,
    BylineFactory,
    ImageFactory,
    TopicFactory,
    get_source,
    make_claim,
    published_article,
)
from tests.requirements import SHARED

pytestmark = pytest.mark.django_db

VOCABULARY = SHARED / "samples" / "schemas" / "schemaorg-all-https.jsonld"


class Scripts(HTMLParser):
    """Collect the JSON-LD scripts of a page, as a browser parses them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag, attrs):
        self._inside = tag == "script" and dict(attrs).get("type") == "application/ld+json"
        if self._inside:
            self.found.append("")

    def handle_data(self, data):
        if self._inside:
            self.found[-1] += data

    def handle_endtag(self, tag):
        self._inside = False


def data(client, url):
    """Return the JSON-LD document of a page."""
    parser = Scripts()
    parser.feed(client.get(url).content.decode())
    (found,) = parser.found
    return json.loads(found)


def things(value) -> Iterator[dict]:
    """Yield every object in a document, at any depth."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from things(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from things(inner)


@pytest.fixture
def rich(story, editor):
    """The article with all that JSON-LD can describe."""
    BylineFactory(article=story, name="Per Holm")
    BylineFactory(article=story, name="Northern Wire")
    story.topics.add(TopicFactory(name="Harbour", slug="harbour"))
    ArticleImageFactory(article=story, image=ImageFactory(), caption="The bridge", credit="A. Foto")
    report = get_source("The Safety Report", Source.Kind.DOCUMENT)
    neighbours = get_source("Quay Street residents", Source.Kind.GROUP)
    make_claim(story, quote="nothing else", by=[report, neighbours], form=Claim.Form.INDIRECT)
    make_claim(story, quote="Somebody will be hurt.", by=[report], form=Claim.Form.DIRECT)
    correct(story, by=editor, kind="correction", note="The bolts are 40.")
    return story


def test_article_has_its_quotations_and_claims(client, rich):
    found = data(client, "/articles/bridge/")

    assert (found["@context"], found["@type"]) == ("https://schema.org", "NewsArticle")
    assert found["headline"] == "Bridge has loose bolts"
    assert found["datePublished"] == "2024-12-19T12:00:00+00:00"
    assert found["dateModified"] > found["datePublished"]
    assert found["author"] == [{"@type": "Person", "name": "Per Holm"}]
    assert found["sourceOrganization"]["name"] == "Northern Wire"
    assert found["isBasedOn"]["url"] == "https://www.quay.example/bridge"
    assert found["articleSection"] == ["Harbour"]
    assert found["image"][0]["creditText"] == "A. Foto"

    quotation = found["hasPart"][0]

    assert quotation["@type"] == "Quotation"
    assert quotation["text"] == "We cannot wait, … Somebody will be hurt."
    assert quotation["spokenByCharacter"]["name"] == "Ada Roe"
    assert quotation["interpretedAsClaim"]["@type"] == "Claim"

    claim = found["interpretedAsClaim"][0]

    assert claim["text"] == "Inspectors counted at least 40 loose bolts"
    assert claim["author"]["name"] == "Bridge Inspectorate"
    assert [other["name"] for other in claim["contributor"]] == ["Ada Roe"]


def test_article_has_its_corrections(client, rich):
    (note,) = data(client, "/articles/bridge/")["correction"]

    assert (note["@type"], note["text"]) == ("CorrectionComment", "The bolts are 40.")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", note["datePublished"])


def test_claim_has_the_article_it_appears_in(client, story):
    for claim in Claim.objects.public():
        found = data(client, claim.get_absolute_url())
        claim_object = found if claim.form == "indirect" else found["interpretedAsClaim"]
        assert claim_object["@type"] == "Claim"
        assert claim_object["text"] == claim.statement
        assert claim_object["appearance"]["url"] == "http://testserver/articles/bridge/"
        assert found["@type"] == ("Claim" if claim.form == "indirect" else "Quotation")


def test_claim_without_known_day_has_no_date(client, story):
    said = {claim.form: data(client, claim.get_absolute_url()) for claim in Claim.objects.public()}

    assert said["direct"]["interpretedAsClaim"]["dateCreated"] == "2024-12-17"
    assert "dateCreated" not in said["indirect"]


def test_unnamed_speaker_is_a_credit_text_only(client, story):
    claim = Claim.objects.get(form="mixed")

    found = data(client, claim.get_absolute_url())

    assert found["interpretedAsClaim"]["creditText"] == "A senior official"
    assert "author" not in found["interpretedAsClaim"]
    assert "spokenByCharacter" not in found


def test_document_is_a_basis_and_not_an_author(client, rich):
    found = data(client, "/articles/bridge/")

    based = [claim for claim in found["interpretedAsClaim"] if "isBasedOn" in claim]

    assert [(claim["isBasedOn"]["@type"], claim["isBasedOn"]["name"]) for claim in based] == [
        ("CreativeWork", "The Safety Report")
    ]
    assert "author" not in based[0]


def test_source_has_type_aliases_and_roles(client, story, deputy, inspectorate):
    deputy.wikidata_id = "Q42"
    deputy.save()
    AffiliationFactory(person=deputy, organisation=inspectorate, role="inspector")

    found = data(client, deputy.get_absolute_url())

    assert found["@type"] == "ProfilePage"

    person = found["mainEntity"]

    assert (person["@type"], person["sameAs"]) == ("Person", "https://www.wikidata.org/entity/Q42")
    assert person["jobTitle"] == ["inspector"]
    assert person["affiliation"][0]["name"] == "Bridge Inspectorate"

    organisation = data(client, inspectorate.get_absolute_url())["mainEntity"]

    assert (organisation["@type"], organisation["alternateName"]) == ("Organization", ["the inspectors"])


def test_retracted_article_has_no_content(client, rich, chief):
    retract(rich, by=chief, note="It was forged.")

    found = data(client, "/articles/bridge/")

    assert found["creativeWorkStatus"] == "Retracted"
    assert [note["text"] for note in found["correction"]] == ["It was forged.", "The bolts are 40."]

    written = json.dumps(found)

    for said in ("hasPart", "interpretedAsClaim", "description", "isBasedOn", "A deputy", "hurt", "A. Foto"):
        assert said not in written


def test_pages_have_no_claim_review(client, rich, deputy):
    for url in pages(rich, deputy):
        assert not [thing for thing in things(data(client, url)) if thing.get("@type") == "ClaimReview"]


@pytest.mark.parametrize(
    "odd",
    [
        "</script><script>alert(1)</script>",
        "<!-- <script>",
        "a\u2028b\u2029c",
        '"\\"\\u003c',
        "&lt;/script&gt; &amp;",
        "]]>",
        "\u0007",
    ],
)
def test_odd_text_does_not_end_the_script_element(client, odd):
    article = published_article(headline=f"H {odd}", summary=f"S {odd}", paragraphs=["It fell."], slug="odd")

    claim = make_claim(article, quote="It fell.", statement=f"C {odd}", by=get_source(f"N {odd}"))

    assert data(client, "/articles/odd/")["headline"] == f"H {odd}"
    assert data(client, claim.get_absolute_url())["interpretedAsClaim"]["text"] == f"C {odd}"
    assert data(client, claim.hops.get().source.get_absolute_url())["mainEntity"]["name"] == f"N {odd}"

    inside = script_content({"text": odd})

    assert not set("<>&\u2028\u2029") & set(inside)
    assert json.loads(inside) == {"text": odd}


def test_unknown_values_are_left_out(client):
    article = published_article(slug="bare", agency=None, publisher=None)

    make_claim(article, quote="The harbour bridge will close on Monday")

    for thing in things(data(client, "/articles/bare/")):
        assert not [name for name, value in thing.items() if value in (None, "", [], {})]


def test_article_page_has_no_further_queries(client, rich, django_assert_num_queries):
    with django_assert_num_queries(5):
        client.get("/articles/bridge/")


# --- Against the vocabulary itself ---


def pages(story: Article, deputy: Source) -> list[str]:
    claims = [claim.get_absolute_url() for claim in Claim.objects.public()]
    sources = [source.get_absolute_url() for source in Source.objects.all() if source.hops.exists()]
    return [story.get_absolute_url(), *claims, *sources, deputy.get_absolute_url()]


@pytest.fixture(scope="module")
def vocabulary():
    if not VOCABULARY.is_file():
        pytest.skip("needs the vocabulary of schema.org in ../shared")
    return Vocabulary(json.loads(VOCABULARY.read_text(encoding="utf-8"))["@graph"])


class Vocabulary:
    """schema.org: classes with their parents, properties with domains and ranges."""

    LITERALS = {str: ("Text", "URL", "Date", "DateTime"), bool: ("Boolean",), int: ("Integer", "Number")}

    def __init__(self, graph: list[dict]) -> None:
        self.parents: dict[str, set[str]] = {}
        self.domains: dict[str, set[str]] = {}
        self.ranges: dict[str, set[str]] = {}
        for node in graph:
            name = _short(node["@id"])
            kinds = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
            if "rdf:Property" in kinds:
                self.domains[name] = _ids(node.get("schema:domainIncludes"))
                self.ranges[name] = _ids(node.get("schema:rangeIncludes"))
            elif "rdfs:Class" in kinds:
                self.parents[name] = _ids(node.get("rdfs:subClassOf"))

    def faults(self, thing: dict, where: str = "") -> Iterator[str]:
        """Yield types and properties that schema.org does not have, or not there."""
        kind = thing["@type"]
        if kind not in self.parents:
            yield f"{where}: no such type: {kind}"
            return
        for name, value in thing.items():
            if name.startswith("@"):
                continue
            at = f"{where}/{kind}.{name}"
            if name not in self.domains:
                yield f"{at}: no such property"
            elif not self.domains[name] & self.with_ancestors(kind):
                yield f"{at}: not a property of {kind}"
            else:
                for item in value if isinstance(value, list) else [value]:
                    yield from self._value_faults(name, item, at)

    def _value_faults(self, name: str, value: object, at: str) -> Iterator[str]:
        if isinstance(value, dict):
            if not self.ranges[name] & self.with_ancestors(value["@type"]):
                yield f"{at}: cannot be a {value['@type']}"
            yield from self.faults(value, at)
        elif not self.ranges[name] & set(self.LITERALS[type(value)]):
            yield f"{at}: cannot be {value!r}"

    def with_ancestors(self, kind: str) -> set[str]:
        return {kind}.union(*(self.with_ancestors(parent) for parent in self.parents.get(kind, ())))


def _short(identity: str) -> str:
    return identity.removeprefix("schema:")


def _ids(value) -> set[str]:
    values = value if isinstance(value, list) else [value] if value else []
    return {_short(item["@id"]) for item in values}


def test_types_and_properties_are_valid_schema_org(client, rich, deputy, inspectorate, vocabulary):
    AffiliationFactory(person=deputy, organisation=inspectorate, role="inspector")
    Source.objects.filter(pk=deputy.pk).update(wikidata_id="Q42", description="A deputy.", picture="sources/ada.jpg")

    urls = pages(rich, deputy)

    assert len(urls) > 8
    for url in urls:
        assert list(vocabulary.faults(data(client, url))) == [], url


def test_vocabulary_finds_faults(vocabulary):
    assert list(vocabulary.faults({"@type": "Claim", "appearance": {"@type": "CreativeWork"}})) == []
    for wrong in (
        {"@type": "Assertion"},
        {"@type": "Claim", "saidBy": "Ada"},
        {"@type": "Claim", "jobTitle": "inspector"},
        {"@type": "Claim", "appearance": "here"},
        {"@type": "Claim", "author": {"@type": "CreativeWork"}},
        {"@type": "Claim", "author": {"@type": "Person", "headline": "x"}},
    ):
        assert list(vocabulary.faults(wrong)), wrong


def test_only_expected_types_are_used(client, rich, deputy):
    """Check the types also without the vocabulary."""
    used = {thing["@type"] for url in pages(rich, deputy) for thing in things(data(client, url))}

    assert used == {
        *("NewsArticle", "Quotation", "Claim", "CorrectionComment", "CreativeWork", "ImageObject"),
        "QuantitativeValue",
        *("Person", "Organization", "NewsMediaOrganization", "ProfilePage", "WebPage"),
    }


def test_document_page_is_not_a_profile_page(client, rich):
    found = data(client, Source.objects.get(kind="document").get_absolute_url())

    assert (found["@type"], found["mainEntity"]["@type"]) == ("WebPage", "CreativeWork")
