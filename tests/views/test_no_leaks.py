"""Test that no public URL shows what readers may not see.

The URLs come from the URLconf, so that a new one is tried too. Their arguments are guessed by name and converter
(`guesses`). If no guess opens a URL, `test_every_url_opens` fails and asks for a sample in SAMPLES.

Each hidden thing has a word that occurs nowhere else, and a second word that names the thing. So everything is hidden
at once, and each URL is tried once for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice, product
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, PathConverter, UUIDConverter
from django.utils import timezone

from articles.claims.review import reject_claims
from articles.models import Article, Claim
from articles.publishing.actions import retract
from sources.models import Source
from tests.factories import (
    ArticleFactory,
    ArticleImageFactory,
    BylineFactory,
    ImageFactory,
    LedgerFactory,
    SourceFactory,
    TopicFactory,
    UserFactory,
    add_revision,
    make_claim,
    make_quantity,
    published_article,
)

#: Doors that keep what they show are the ones to try: in production stories' pages are kept.
pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("page_cache")]

SECRET = "zeppelin"
#: What each thing that is kept says wherever it says anything.
WORDS = tuple(f"{SECRET} {mark}" for mark in ("gossamer", "tamarind", "obsidian", "marzipan", "halibut"))
#: As long as the secret, and nobody's.
NEVER = "neverwas"
#: Addresses of the newsroom, which asks who one is (the last test here).
NEWSROOM = ("admin",)
#: What is put behind an address: ways to ask for something, and ways to ask for more than one may have.
QUERIES = (
    "",
    "?format=json",
    "?format=csv",
    "?format=jsonl",
    "?text={word}",
    "?q={word}",
    "?anyone={word}",
    "?source={word}",
    "?topic={word}",
    "?agency={word}",
    "?origin={word}",
    "?ledger={word}",
    "?text=bolts",
    "?q=bolts",
    "?figures=on",
    "?page=2",
    "?status=draft&review=proposed&revision=2",
    "?status=retracted&review=rejected",
    "?status=scheduled&draft=1&preview=1&all=1&proposed=1",
    "?after=2000-01-01&before=2999-01-01",
)
#: How else one may ask.
HEADERS = ({}, {"HTTP_ACCEPT": "application/json"}, {"HTTP_HX_REQUEST": "true"})
#: Door -> a sample of its arguments, for those that `guesses` cannot open. Takes the words to look for.
SAMPLES: dict[str, Callable[[dict[str, list[Any]]], list[dict[str, Any]]]] = {
    # Its number is that of a part, not the key of a row.
    "articles:sitemap": lambda values: [
        {"section": section, "number": number} for section in values["section"] for number in (1, 2)
    ],
}
#: Door -> the kinds of rows that it is for, as far as `learn_doors` found out.
OPENED: dict[str, set[str]] = {}
#: Views without a name of their own: files as they are, and Django's "no such page" at the end of the admin.
UNNAMED = ("media", "catch_all_view", "view")
#: Pages of the newsroom for whoever has not said who they are yet.
LOGIN = ("admin:login", "admin:jsi18n")
#: Most guesses that are tried at one door.
MOST = 200


class Slug(str):
    """A row's slug that knows which kind of row it is of."""

    kind: str

    def __new__(cls, kind: str, slug: str) -> Slug:
        made = super().__new__(cls, slug)
        made.kind = kind
        return made


@dataclass(frozen=True)
class Door:
    """A public address: its name, and its arguments with their converters."""

    name: str
    route: str
    arguments: dict[str, Any]

    def addresses(self, values: dict[str, list[Any]]) -> list[str]:
        """Return the URLs for these values.

        An argument without a guess gives no URL.
        """
        if self.name in SAMPLES:
            given: Iterable[dict[str, Any]] = SAMPLES[self.name](values)
        else:
            names = list(self.arguments)
            kinds = OPENED.get(self.name)
            choices = [
                [
                    value
                    for value in guesses(name, self.arguments[name], values)
                    if not (kinds and isinstance(value, Slug)) or value.kind in kinds
                ]
                for name in names
            ]
            given = (dict(zip(names, chosen, strict=True)) for chosen in product(*choices))
        found = []
        for kwargs in islice(given, MOST):
            with suppress(NoReverseMatch):  # a value that does not fit this argument
                found.append(reverse(self.name, kwargs=kwargs))
        return found


def doors(*, newsroom: bool = False) -> list[Door]:
    """The public doors; or those of the newsroom."""
    found = _walk(get_resolver(), "", "", leave=() if newsroom else NEWSROOM)
    spaces = tuple(f"{space}:" for space in NEWSROOM)
    return sorted(
        (door for door in found if door.name.startswith(spaces) == newsroom), key=lambda door: (door.name, door.route)
    )


def _walk(resolver: URLResolver, prefix: str, namespace: str, leave: tuple[str, ...]) -> Iterator[Door]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if entry.app_name not in leave:
                space = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                yield from _walk(entry, route, space, leave)
        elif isinstance(entry, URLPattern):
            plain = getattr(entry.callback, "__name__", "") in UNNAMED
            assert entry.name or plain, f"Give {route} a name, so that it can be tried."
            if entry.name:
                arguments = dict(getattr(entry.pattern, "converters", {}))
                arguments |= (
                    dict.fromkeys(getattr(entry.pattern.regex, "groupindex", {}), None) if not arguments else {}
                )
                yield Door(namespace + entry.name, route, arguments)


def guesses(name: str, converter: Any, values: dict[str, list[Any]]) -> list[Any]:
    """What an argument may be, by its name, or else by its converter."""
    for known in (name, name.removesuffix("_slug"), name.removesuffix("_id")):
        if known in values:
            return values[known]
    if isinstance(converter, UUIDConverter):
        return values["uuid"]
    if isinstance(converter, IntConverter):
        return values["number"]
    if isinstance(converter, PathConverter):
        return values["path"]
    return values["slug"]


# --- What is kept from readers ---


@dataclass
class Kept:
    """Something that readers may not see.

    It has the values of its URLs, and those of what is not public at all.
    """

    values: dict[str, list[Any]]
    gone: list[str] = field(default_factory=list)  # addresses that have to answer as one that never was
    back: Callable[[], object] | None = None  # makes it readable, to know that it is found then
    hide: Callable[[], object] | None = None  # keeps it from readers who have seen it


def slug(word: str, what: str) -> str:
    """The address of something that is kept, which does not tell its word."""
    return f"hidden-{WORDS.index(word)}-{what}"


def secretive(word: str, *, writer: str = "", **kwargs: Any) -> tuple[Article, Claim]:
    """A story that says the word in all that is of it, and nowhere in its address."""
    article = ArticleFactory(
        **{
            "headline": f"The {word} story",
            "summary": f"About a {word}",
            "paragraphs": [f"The {word} has bolts, {word} pilot said."],
            "slug": slug(word, "story"),
            "dateline": word.upper(),
            "topics": (TopicFactory(name=f"The {word}", slug=slug(word, "topic")),),
            "agency": SourceFactory(name=f"{word} agency", kind="agency", slug=slug(word, "agency")),
            "publisher": SourceFactory(name=f"{word} press", kind="organisation", slug=slug(word, "press")),
            **kwargs,
        }
    )
    BylineFactory(article=article, name=writer or f"{word} writer")
    picture = ImageFactory(file__filename=f"{word}.png")
    ArticleImageFactory(article=article, image=picture, alt=f"A {word}", caption=word, credit=f"{word} photo")
    return article, said_in(article, word)


def said_in(article: Article, word: str, **kwargs: Any) -> Claim:
    pilot = SourceFactory(name=f"{word} pilot", slug=slug(word, "pilot"), description=f"Flies a {word}")
    ledger = LedgerFactory(name=f"Bolts of a {word}", slug=slug(word, "ledger"), description=word)
    return make_claim(
        article,
        **{
            "quote": "has bolts",
            "by": pilot,
            "statement": f"The {word} has bolts",
            "figures": [make_quantity(f"{word} bolts", lower=1, counts=word, ledger=ledger)],
            **kwargs,
        },
    )


def values_of(article: Article, said: Claim | None, sources: Iterable[Source] = ()) -> dict[str, list[Any]]:
    """Return possible values in a URL of these rows, by argument name or kind."""
    known = [*sources, *(hop.source for hop in said.hops.all())] if said else list(sources)
    known += [source for source in (article.agency, article.publisher) if source]
    slugs = [Slug("source", source.slug) for source in known]
    topics = [Slug("topic", slug) for slug in article.topics.values_list("slug", flat=True)]
    ledgers = [Slug("ledger", q.ledger.slug) for q in said.quantities.all() if q.ledger] if said else []
    day = article.published_at or timezone.now()
    return {
        "slug": [Slug("article", article.slug), *slugs, *topics, *ledgers],
        "uuid": [article.public_id, *([said.public_id] if said else [])],
        "number": [article.pk, *([said.pk] if said else []), *(source.pk for source in known), 1, 2],
        "topic": topics or [NEVER],
        "ledger": ledgers or [NEVER],
        "format": ["json", "jsonl", "csv", "xml"],
        "section": ["articles", "claims", "sources", "topics"],
        "kind": ["articles", "claims", "sources"],
        "language": ["en"],
        "year": [day.year],
        "month": [day.month],
        "day": [day.day],
        "path": [use.image.file.name for use in article.images.all() if use.image] or ["nothing.png"],
    }


def addresses_of(*rows: Any) -> list[str]:
    return [row.get_absolute_url() for row in rows if row is not None]


def come_out(article: Article) -> Callable[[], object]:
    return lambda: Article.objects.filter(pk=article.pk).update(
        status="published",
        live=article.latest_id,
        published_at=timezone.now() - timedelta(minutes=1),
        embargo_until=None,
    )


def draft_of_a_published_story(word: str) -> Kept:
    article = published_article(slug=slug(word, "story"), headline="Open", paragraphs=["The bridge stands."])
    draft = add_revision(
        article,
        headline=f"The {word} story",
        summary=f"About a {word}",
        paragraphs=["The bridge stands.", f"The {word} has bolts, {word} pilot said."],
    )
    said = said_in(article, word, revision=draft)
    pilot = said.hops.get().source
    return Kept(values_of(article, said), addresses_of(said, pilot), back=come_out(article))


def scheduled_story(word: str) -> Kept:
    article, said = secretive(word, status="scheduled")
    gone = addresses_of(article, said, said.hops.get().source, article.agency, article.publisher)
    return Kept(values_of(article, said), gone, back=come_out(article))


def embargoed_story(word: str) -> Kept:
    until = timezone.now() + timedelta(hours=2)
    article, said = secretive(word, status="scheduled", published_at=until, embargo_until=until)
    gone = addresses_of(article, said, said.hops.get().source, article.agency, article.publisher)
    return Kept(values_of(article, said), gone, back=come_out(article))


def retracted_story(word: str) -> Kept:
    """Retract an article.

    Its page stays, with its headline and its author. Its text, claims, speakers and images are not shown.
    """
    topic = TopicFactory(name="Bridges", slug="bridges")
    plain = {"headline": "An old story", "summary": "", "dateline": "", "topics": (topic,)}
    article, said = secretive(word, writer="Per Lind", **plain, agency=None, publisher=None, status="published")
    chief = UserFactory(role="chief")

    def hide() -> None:
        retract(article, by=chief, note="It did not happen.")

    values, pilot = values_of(article, said), said.hops.get().source
    return Kept(values, addresses_of(said, pilot), hide=hide)


def judged(word: str, review: str) -> Kept:
    words = ["The bridge has bolts, a pilot said."]
    article = published_article(slug=slug(word, "story"), headline="Open", paragraphs=words)
    said = said_in(article, word, review=review)
    chief = UserFactory(role="chief")

    def hide() -> None:
        reject_claims([said], by=chief, how=Claim.ReviewMethod.DESK)

    kept = Kept(values_of(article, said), addresses_of(said, said.hops.get().source))
    if review == Claim.Review.ACCEPTED:
        kept.hide = hide
    else:
        now = timezone.now()
        shown = {"review": "accepted", "reviewed_at": now, "reviewed_how": "desk"}
        kept.back = lambda: Claim.objects.filter(pk=said.pk).update(**shown)
    return kept


def proposed_claim(word: str) -> Kept:
    return judged(word, Claim.Review.PROPOSED)


def rejected_claim(word: str) -> Kept:
    return judged(word, Claim.Review.REJECTED)


def accepted_claim(word: str) -> Kept:
    return judged(word, Claim.Review.ACCEPTED)


def merged_source(word: str) -> Kept:
    """Merge a source into another.

    Its old URL and its name lead to the other. What was said only about the merged source is not shown.
    """
    article = published_article(
        slug=slug(word, "story"), headline="Open", paragraphs=["The bridge has bolts, she said."]
    )
    old = SourceFactory(name="A. Roe", slug=slug(word, "pilot"), description=f"Flies a {word}")
    new = SourceFactory(name="Ada Roe", slug="ada-roe")
    said = make_claim(article, quote="has bolts", by=old)
    values = values_of(article, said)

    def hide() -> None:
        said.hops.update(source=new)
        Source.objects.filter(pk=old.pk).update(merged_into=new)

    return Kept(values, hide=hide)


HIDDEN = (draft_of_a_published_story, scheduled_story, embargoed_story, proposed_claim, rejected_claim)
#: What readers have seen, and caches may hold, before it is kept from them.
TAKEN_BACK = (retracted_story, accepted_claim, merged_source)


def kept_at_once(kinds: Iterable[Callable[[str], Kept]]) -> dict[str, Kept]:
    """One of each kind, by its word."""
    return {word: kind(word) for word, kind in zip(WORDS, kinds, strict=False)}


def all_values(kept: dict[str, Kept]) -> dict[str, list[Any]]:
    """The values of all of them, each once."""
    names = {name for one in kept.values() for name in one.values}
    return {name: list(dict.fromkeys(v for one in kept.values() for v in one.values[name])) for name in names}


def told_of(shown: Iterable[str]) -> set[str]:
    """Which of the things that are kept these answers tell of."""
    return {word for told in shown for word in WORDS if word in told}


@pytest.fixture(autouse=True)
def beside(roles: None, monkeypatch: pytest.MonkeyPatch) -> Article:
    """Create public rows, so that no page is empty, and clear the page cache.

    Rate limits are off: a refused request shows nothing, and would hide a leak.
    """
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.allow_request", lambda *args: True)
    cache.clear()
    article = published_article(
        slug="beside",
        paragraphs=["At least 40 bolts are loose, Ada Lind said."],
        topics=(TopicFactory(name="Harbour", slug="harbour"),),
        agency=SourceFactory(name="Northern Wire", kind="agency", slug="northern-wire"),
    )
    ArticleImageFactory(article=article, image=ImageFactory(), alt="A bridge")
    ledger = LedgerFactory(name="Loose bolts", slug="loose-bolts")
    figures = [make_quantity("at least 40", lower=40, ledger=ledger)]
    make_claim(article, quote="At least 40 bolts are loose", by="Ada Lind", figures=figures)
    if not OPENED:
        learn_doors(article)
        cache.clear()
    return article


def learn_doors(article: Article) -> None:
    """Find out for which kinds of rows each URL is, once per run.

    Each URL is tried with the rows of a public article. A URL that none of them opens is tried with every kind.
    """
    reader = Client()
    values = values_of(article, article.claims.get())
    for door in doors():
        if "slug" in door.arguments and door.name not in SAMPLES:
            kinds = {
                value.kind
                for value in values["slug"]
                for address in door.addresses({**values, "slug": [value]})
                if reader.get(address).status_code == 200
            }
            OPENED[door.name] = kinds


# --- Trying the doors ---


def told_by(response: HttpResponse) -> str:
    """Return all text of a response: body and headers.

    The ETag is left out: it is only a digest of the body.
    """
    body = b"".join(response) if response.streaming else response.content
    headers = " ".join(
        f"{name}: {value}" for name, value in response.items() if name not in ("Date", "Set-Cookie", "ETag")
    )
    return f"{response.status_code} {headers} {body.decode(errors='replace')}".lower()


def leaks(client: Client, kept: dict[str, Kept]) -> list[str]:
    """Return the URLs that show what they should not.

    A URL that only repeats the request does not count.
    """
    values = all_values(kept)
    found = []

    def ask(address: str, **headers: str) -> str:
        """What an answer tells, noted where it is the secret."""
        told = told_by(client.get(address, **headers))
        if SECRET in told and SECRET not in address:
            at = told.index(SECRET)
            found.append(f"{address} {headers}: …{told[max(at - 40, 0) : at + 40]}…")
        return told

    for door in doors():
        for address in door.addresses(values):
            plain, *_ = [ask(address, **headers) for headers in HEADERS[:2]]
            # Where nothing is, there is no part of it nor another format; those that are `gone` are asked for each.
            if plain.startswith("404"):
                continue
            ask(address, **HEADERS[2])
            for query in QUERIES[1:] if not door.arguments else QUERIES[1:4]:
                told = ask(address + query.format(word=SECRET))
                if "{word}" in query and told.replace(SECRET, NEVER) != ask(address + query.format(word=NEVER)):
                    found.append(f"{address}{query} tells {SECRET} from {NEVER}")
    return found


def test_every_url_opens(client: Client, beside: Article) -> None:
    """Check the guesses: each URL shows something that readers may see.

    Without this, a URL could be tried in vain.
    """
    values = values_of(beside, beside.claims.get())
    for door in doors():
        addresses = door.addresses(values)
        if not door.arguments:
            addresses = [address + query.format(word="bolts") for address in addresses for query in QUERIES]
        answers: dict[str, int] = {}
        # One that asks who somebody is, or takes nothing but what is sent to it, is open to no reader.
        assert any(
            answers.setdefault(address, client.get(address, follow=True).status_code) in (200, 401, 405)
            for address in addresses
        ), (
            f"No guess opens {door.name} ({door.route}): {answers}. Give a sample of its arguments in SAMPLES, or "
            "name its argument in values_of."
        )


def test_hidden_rows_are_on_no_page(client: Client) -> None:
    kept = kept_at_once(HIDDEN)
    assert leaks(client, kept) == []
    for address in (address for one in kept.values() for address in one.gone):
        for query in QUERIES[:4]:
            assert client.get(address + query).status_code == 404, address


def test_hidden_rows_stay_hidden_after_newsroom_visits(client: Client, client_of: Any, chief: Any) -> None:
    values = all_values(kept_at_once(HIDDEN))
    theirs = client_of(chief)
    for door in doors():
        for address in door.addresses(values):
            assert SECRET not in told_by(theirs.get(address)), address
            assert SECRET not in told_by(client.get(address)), address


def test_published_rows_are_on_the_same_pages(client: Client) -> None:
    """Check that the words would have been found.

    Browsers that ask again see the change: nothing answers 304 when a publication time has passed.
    """
    kept = kept_at_once(HIDDEN)
    values = all_values(kept)
    addresses = [address for door in doors() for address in door.addresses(values)]
    before = {address: client.get(address) for address in addresses}
    for one in kept.values():
        assert one.back is not None
        one.back()
    cache.clear()
    shown = {address: told for address in addresses if SECRET in (told := told_by(client.get(address)))}
    assert told_of(shown.values()) == set(kept)
    for address in shown:
        again = client.get(address, **conditional(before[address]))
        assert again.status_code != 304, f"{address} is said not to have changed"


def test_unpublished_rows_leave_every_page_and_cache(client: Client) -> None:
    kept = kept_at_once(TAKEN_BACK)
    values = all_values(kept)
    addresses = [address for door in doors() for address in door.addresses(values)]
    before = {address: client.get(address) for address in addresses}
    shown = {address: told for address in addresses if SECRET in (told := told_by(before[address]))}
    assert told_of(shown.values()) == set(kept), "readers see them first"
    for one in kept.values():
        assert one.hide is not None
        one.hide()
    for address in shown:
        again = client.get(address, **conditional(before[address]))
        assert again.status_code != 304, f"{address} is said not to have changed"
        assert SECRET not in told_by(again), address
    assert leaks(client, kept) == []
    for address in (address for one in kept.values() for address in one.gone):
        assert client.get(address).status_code == 404, address


def test_merged_source_redirects_and_is_listed_nowhere(client: Client) -> None:
    kept = merged_source(WORDS[0])
    assert kept.hide is not None
    kept.hide()
    answer = client.get("/sources/hidden-0-pilot/")
    assert (answer.status_code, answer["Location"]) == (301, "/sources/ada-roe/")
    for address in (address for door in doors() for address in door.addresses(kept.values)):
        if "hidden-0-pilot" not in address:
            assert "hidden-0-pilot" not in told_by(client.get(address)), address


def test_retracted_article_is_on_no_list(client: Client) -> None:
    kept = retracted_story(WORDS[0])
    assert kept.hide is not None
    kept.hide()
    for address in ("/", "/articles/", "/articles/?topic=bridges", "/articles/?text=old"):
        assert "hidden-0-story" not in told_by(client.get(address)), address


def conditional(response: HttpResponse) -> dict[str, str]:
    """Return the conditional headers that a browser or a cache sends for a page."""
    sent = {}
    if "ETag" in response:
        sent["HTTP_IF_NONE_MATCH"] = response["ETag"]
    elif "Last-Modified" in response:
        sent["HTTP_IF_MODIFIED_SINCE"] = response["Last-Modified"]
    return sent


def test_newsroom_pages_need_a_login(client: Client, client_of: Any, beside: Article) -> None:
    """Neither to read nor to change anything, whatever address is added to it."""
    reader = client_of(UserFactory(username="ruth"))
    values = {
        **values_of(beside, beside.claims.get()),
        "object_id": [beside.pk],
        "pk": [beside.pk],
        "app_label": ["articles"],
    }
    tried = 0
    for door in doors(newsroom=True):
        if door.name in LOGIN:
            continue
        addresses = door.addresses(values)
        assert addresses, f"No guess fits {door.name} ({door.route}): give a sample of its arguments in SAMPLES."
        for address in addresses[:3]:
            for answer in (client.get(address), client.post(address), reader.get(address), reader.post(address)):
                assert answer.status_code in (301, 302, 401, 403, 404, 405), (
                    f"{door.name} answers {answer.status_code}"
                )
                assert "40 bolts" not in told_by(answer), address
            tried += 1
    assert tried > len(NEWSROOM) * 50
