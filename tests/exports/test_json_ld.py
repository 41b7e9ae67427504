"""JSON-LD: in the words of schema.org, true to what the page says, and safe in a page."""

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
    """The contents of the JSON-LD scripts of a page, as a browser takes them apart."""

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


def data(client, address):
    """The one JSON-LD document of a page."""
    parser = Scripts()
    parser.feed(client.get(address).content.decode())
    (found,) = parser.found
    return json.loads(found)


def things(value) -> Iterator[dict]:
    """Every object in a document, at any depth."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from things(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from things(inner)


@pytest.fixture
def rich(story, editor):
    """The story with everything that a page can say of one."""
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


def test_a_story_is_a_news_article_with_its_quotations_and_claims(client, rich):
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
    told = found["interpretedAsClaim"][0]
    assert told["text"] == "Inspectors counted at least 40 loose bolts"
    assert told["author"]["name"] == "Bridge Inspectorate"
    assert [other["name"] for other in told["contributor"]] == ["Ada Roe"]


def test_a_correction_is_said(client, rich):
    (note,) = data(client, "/articles/bridge/")["correction"]
    assert (note["@type"], note["text"]) == ("CorrectionComment", "The bolts are 40.")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", note["datePublished"])


def test_a_claim_says_where_it_appears(client, story):
    for made in Claim.objects.public():
        found = data(client, made.get_absolute_url())
        told = found if made.form == "indirect" else found["interpretedAsClaim"]
        assert told["@type"] == "Claim"
        assert told["text"] == made.statement
        assert told["appearance"]["url"] == "http://testserver/articles/bridge/"
        assert found["@type"] == ("Claim" if made.form == "indirect" else "Quotation")


def test_the_day_it_was_said_is_no_guess(client, story):
    said = {made.form: data(client, made.get_absolute_url()) for made in Claim.objects.public()}
    assert said["direct"]["interpretedAsClaim"]["dateCreated"] == "2024-12-17"
    assert "dateCreated" not in said["indirect"]


def test_somebody_unnamed_is_nobody_with_a_name(client, story):
    made = Claim.objects.get(form="mixed")
    found = data(client, made.get_absolute_url())
    assert found["interpretedAsClaim"]["creditText"] == "A senior official"
    assert "author" not in found["interpretedAsClaim"]
    assert "spokenByCharacter" not in found


def test_a_document_says_nothing_by_itself(client, rich):
    found = data(client, "/articles/bridge/")
    based = [told for told in found["interpretedAsClaim"] if "isBasedOn" in told]
    assert [(told["isBasedOn"]["@type"], told["isBasedOn"]["name"]) for told in based] == [
        ("CreativeWork", "The Safety Report")
    ]
    assert "author" not in based[0]


def test_a_source_is_a_person_or_an_organisation_with_other_names_and_roles(client, story, deputy, inspectorate):
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


def test_a_retracted_story_says_so_and_nothing_of_what_it_said(client, rich, chief):
    retract(rich, by=chief, note="It was forged.")
    found = data(client, "/articles/bridge/")
    assert found["creativeWorkStatus"] == "Retracted"
    assert [note["text"] for note in found["correction"]] == ["It was forged.", "The bolts are 40."]
    written = json.dumps(found)
    for said in ("hasPart", "interpretedAsClaim", "description", "isBasedOn", "A deputy", "hurt", "A. Foto"):
        assert said not in written


def test_no_verdict_is_given(client, rich, deputy):
    for address in pages(rich, deputy):
        assert not [thing for thing in things(data(client, address)) if thing.get("@type") == "ClaimReview"]


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
def test_no_text_leaves_the_script(client, odd):
    article = published_article(headline=f"H {odd}", summary=f"S {odd}", paragraphs=["It fell."], slug="odd")
    made = make_claim(article, quote="It fell.", statement=f"C {odd}", by=get_source(f"N {odd}"))
    assert data(client, "/articles/odd/")["headline"] == f"H {odd}"
    assert data(client, made.get_absolute_url())["interpretedAsClaim"]["text"] == f"C {odd}"
    assert data(client, made.hops.get().source.get_absolute_url())["mainEntity"]["name"] == f"N {odd}"
    inside = script_content({"text": odd})
    assert not set("<>&\u2028\u2029") & set(inside)
    assert json.loads(inside) == {"text": odd}


def test_nothing_unknown_is_written_down(client):
    article = published_article(slug="bare", agency=None, publisher=None)
    make_claim(article, quote="The harbour bridge will close on Monday")
    for thing in things(data(client, "/articles/bare/")):
        assert not [name for name, value in thing.items() if value in (None, "", [], {})]


def test_it_costs_no_query(client, rich, django_assert_num_queries):
    with django_assert_num_queries(5):
        client.get("/articles/bridge/")


# --- Against the vocabulary itself ---


def pages(story: Article, deputy: Source) -> list[str]:
    claims = [made.get_absolute_url() for made in Claim.objects.public()]
    sources = [known.get_absolute_url() for known in Source.objects.all() if known.hops.exists()]
    return [story.get_absolute_url(), *claims, *sources, deputy.get_absolute_url()]


@pytest.fixture(scope="module")
def vocabulary():
    if not VOCABULARY.is_file():
        pytest.skip("needs the vocabulary of schema.org in ../shared")
    return Vocabulary(json.loads(VOCABULARY.read_text(encoding="utf-8"))["@graph"])


class Vocabulary:
    """schema.org: its classes with those above them, its properties with what they may be said of and hold."""

    LITERALS = {str: ("Text", "URL", "Date", "DateTime"), bool: ("Boolean",), int: ("Integer", "Number")}

    def __init__(self, graph: list[dict]) -> None:
        self.above: dict[str, set[str]] = {}
        self.domains: dict[str, set[str]] = {}
        self.ranges: dict[str, set[str]] = {}
        for node in graph:
            name = _short(node["@id"])
            kinds = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
            if "rdf:Property" in kinds:
                self.domains[name] = _ids(node.get("schema:domainIncludes"))
                self.ranges[name] = _ids(node.get("schema:rangeIncludes"))
            elif "rdfs:Class" in kinds:
                self.above[name] = _ids(node.get("rdfs:subClassOf"))

    def faults(self, thing: dict, where: str = "") -> Iterator[str]:
        """What is said in words that are not schema.org's, or of what they are not said of."""
        kind = thing["@type"]
        if kind not in self.above:
            yield f"{where}: there is no {kind}"
            return
        for name, value in thing.items():
            if name.startswith("@"):
                continue
            at = f"{where}/{kind}.{name}"
            if name not in self.domains:
                yield f"{at}: there is no such property"
            elif not self.domains[name] & self.lineage(kind):
                yield f"{at}: is not said of a {kind}"
            else:
                for one in value if isinstance(value, list) else [value]:
                    yield from self._held(name, one, at)

    def _held(self, name: str, value: object, at: str) -> Iterator[str]:
        if isinstance(value, dict):
            if not self.ranges[name] & self.lineage(value["@type"]):
                yield f"{at}: cannot be a {value['@type']}"
            yield from self.faults(value, at)
        elif not self.ranges[name] & set(self.LITERALS[type(value)]):
            yield f"{at}: cannot be {value!r}"

    def lineage(self, kind: str) -> set[str]:
        return {kind}.union(*(self.lineage(parent) for parent in self.above.get(kind, ())))


def _short(identity: str) -> str:
    return identity.removeprefix("schema:")


def _ids(value) -> set[str]:
    values = value if isinstance(value, list) else [value] if value else []
    return {_short(one["@id"]) for one in values}


def test_every_word_is_schema_orgs_and_said_of_what_it_is_said_of(client, rich, deputy, inspectorate, vocabulary):
    AffiliationFactory(person=deputy, organisation=inspectorate, role="inspector")
    Source.objects.filter(pk=deputy.pk).update(wikidata_id="Q42", description="A deputy.", picture="sources/ada.jpg")
    addresses = pages(rich, deputy)
    assert len(addresses) > 8
    for address in addresses:
        assert list(vocabulary.faults(data(client, address))) == [], address


def test_the_check_finds_what_is_wrong(vocabulary):
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


def test_the_words_that_are_used_are_these(client, rich, deputy):
    """Without the vocabulary at hand: nothing gets in unnoticed."""
    used = {thing["@type"] for address in pages(rich, deputy) for thing in things(data(client, address))}
    assert used == {
        *("NewsArticle", "Quotation", "Claim", "CorrectionComment", "CreativeWork", "ImageObject"),
        "QuantitativeValue",
        *("Person", "Organization", "NewsMediaOrganization", "ProfilePage", "WebPage"),
    }


def test_a_document_has_a_page_that_is_no_profile(client, rich):
    found = data(client, Source.objects.get(kind="document").get_absolute_url())
    assert (found["@type"], found["mainEntity"]["@type"]) == ("WebPage", "CreativeWork")
