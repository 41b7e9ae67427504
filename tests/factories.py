"""A factory for each model, and short helpers for the usual cases.

article = published_article(headline="Bridge closed", paragraphs=['"It is unsafe," Ada Roe said.'])
make_claim(article, quote="It is unsafe,", by="Ada Roe", cue="said")
make_claim(article, quote="It is unsafe,", by=["The inspectorate", "Ada Roe"])  # origin first
make_claim(article, quote="It is unsafe,", by=unnamed_speaker("an official"), figures=[make_quantity("40", lower=40)])
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory

from articles.models import (
    Anchor,
    ApiKey,
    Article,
    ArticleImage,
    AutosavedText,
    Byline,
    Claim,
    ClaimLink,
    ClaimName,
    ClaimRepeat,
    ClaimRole,
    Correction,
    DeskAction,
    Hop,
    Image,
    ImportItem,
    ImportRun,
    Ledger,
    Original,
    PublisherHost,
    Quantity,
    RelatedLink,
    RepeatCluster,
    Revision,
    RoleDefault,
    Topic,
)
from articles.text.body import html_from_paragraphs, plain_text
from record import verbs
from record.models import LogEntry
from sources.models import Affiliation, Merge, PossibleDuplicate, Source, SourceName
from sources.names import normalize_name, slugify_name

#: The default publication time of published articles.
PUBLISHED_AT = datetime(2024, 12, 19, 12, 0, tzinfo=UTC)
PARAGRAPHS = (
    "The harbour bridge will close on Monday, the town council said.",
    "“At least 40 bolts are loose,” engineer Ada Roe told reporters. “We cannot wait.”",
)
#: Statuses with a live revision.
LIVE_STATUSES = {Article.Status.SCHEDULED, Article.Status.PUBLISHED, Article.Status.RETRACTED}


class UserFactory(DjangoModelFactory):
    """A user account.

    `role="editor"` adds it to that group and gives access to the admin.
    """

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    password = factory.django.Password("a quiet word")

    @factory.post_generation
    def role(self, create: bool, role: str | None, **kwargs: Any) -> None:
        if role:
            self.groups.add(Group.objects.get(name=role))
            self.is_staff = True
            self.save(update_fields=["is_staff"])


# --- Sources ---


class SourceFactory(DjangoModelFactory):
    """A source with its preferred name. `names=["alias", …]` adds other names."""

    class Meta:
        model = Source
        skip_postgeneration_save = True

    kind = Source.Kind.PERSON
    name = factory.Sequence(lambda n: f"Speaker {n}")
    slug = factory.Sequence(lambda n: f"speaker-{n}")

    @factory.post_generation
    def names(self, create: bool, names: Iterable[str] | None, **kwargs: Any) -> None:
        SourceNameFactory(source=self, name=self.name, preferred=True)
        for name in names or ():
            SourceNameFactory(source=self, name=name)


class SourceNameFactory(DjangoModelFactory):
    class Meta:
        model = SourceName

    source = factory.SubFactory(SourceFactory)
    name = factory.Sequence(lambda n: f"Alias {n}")
    folded = factory.LazyAttribute(lambda row: normalize_name(row.name))


class AffiliationFactory(DjangoModelFactory):
    class Meta:
        model = Affiliation

    person = factory.SubFactory(SourceFactory)
    organisation = factory.SubFactory(SourceFactory, kind=Source.Kind.ORGANISATION)
    role = "spokesperson"


class PossibleDuplicateFactory(DjangoModelFactory):
    class Meta:
        model = PossibleDuplicate

    first = factory.SubFactory(SourceFactory)
    second = factory.SubFactory(SourceFactory)
    evidence = "A story equates the two names."


# --- Articles ---


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    name = factory.Sequence(lambda n: f"Topic {n}")
    slug = factory.Sequence(lambda n: f"topic-{n}")


class PublisherHostFactory(DjangoModelFactory):
    class Meta:
        model = PublisherHost

    host = factory.Sequence(lambda n: f"outlet{n}.example")
    name = factory.Sequence(lambda n: f"Outlet {n}")


class ArticleFactory(DjangoModelFactory):
    """An article with revision 1.

    Its text is `paragraphs=[…]`, `text="…"` (blank lines between blocks) or `body="<p>…"`.

    `latest` is that revision, and so is `live` if readers can see the article. `revision=False` makes an article
    without a revision.
    """

    class Meta:
        model = Article

    slug = factory.Sequence(lambda n: f"story-{n}")
    headline = factory.Sequence(lambda n: f"Story {n}")
    summary = ""
    paragraphs = PARAGRAPHS
    text: str | None = None
    body: str | None = None
    revision = True
    author = None
    topics: tuple[Topic, ...] = ()

    @factory.lazy_attribute
    def published_at(self) -> datetime | None:
        if self.status == Article.Status.SCHEDULED:
            return timezone.now() + timedelta(days=1)
        return PUBLISHED_AT if self.status in LIVE_STATUSES else None

    status = Article.Status.DRAFT

    @factory.lazy_attribute
    def original_url_hash(self) -> str | None:
        url = getattr(self, "original_url", "")
        return hashlib.sha256(url.encode()).hexdigest() if url else None

    @classmethod
    def _create(cls, model_class: type[Article], *args: Any, **kwargs: Any) -> Article:
        content = {key: kwargs.pop(key) for key in ("headline", "summary", "paragraphs", "text", "body", "author")}
        has_revision, topics = kwargs.pop("revision"), kwargs.pop("topics")
        article = model_class.objects.create(*args, **kwargs)
        article.topics.set(topics)
        if has_revision:
            revision = RevisionFactory(article=article, **content)
            article.latest = revision
            article.live = revision if article.status in LIVE_STATUSES else None
            article.save(update_fields=["latest", "live"])
        return article


class RevisionFactory(DjangoModelFactory):
    """The next revision of an article. It does not become `latest` or `live`."""

    class Meta:
        model = Revision

    article = factory.SubFactory(ArticleFactory, revision=False)
    number = factory.LazyAttribute(lambda row: row.article.revisions.count() + 1)
    headline = factory.Sequence(lambda n: f"Story {n}")
    paragraphs = PARAGRAPHS
    text: str | None = None
    body: str | None = None

    @classmethod
    def _create(cls, model_class: type[Revision], *args: Any, **kwargs: Any) -> Revision:
        paragraphs, text, body = (kwargs.pop(key) for key in ("paragraphs", "text", "body"))
        if body is None:
            body = html_from_paragraphs(paragraphs if text is None else text.split("\n\n"))
        text = plain_text(body)
        kwargs.setdefault("digest", hashlib.sha256(f"{kwargs['headline']}\n\n{text}".encode()).hexdigest())
        return model_class.objects.create(*args, body=body, text=text, **kwargs)


class BylineFactory(DjangoModelFactory):
    class Meta:
        model = Byline

    article = factory.SubFactory(ArticleFactory)
    name = factory.Sequence(lambda n: f"Reporter {n}")


class ImageFactory(DjangoModelFactory):
    """An image: a PNG of 4 by 3 pixels, unless `file__width=…` and so on are given."""

    class Meta:
        model = Image

    file = factory.django.ImageField(width=4, height=3, format="PNG")
    digest = factory.Sequence(lambda n: hashlib.sha256(f"image {n}".encode()).hexdigest())


class ArticleImageFactory(DjangoModelFactory):
    class Meta:
        model = ArticleImage

    article = factory.SubFactory(ArticleFactory)
    credit = "Harbour Pictures"


class RelatedLinkFactory(DjangoModelFactory):
    class Meta:
        model = RelatedLink

    article = factory.SubFactory(ArticleFactory)
    title = factory.Sequence(lambda n: f"Earlier story {n}")


class CorrectionFactory(DjangoModelFactory):
    class Meta:
        model = Correction

    article = factory.SubFactory(ArticleFactory)
    note = "An earlier version gave the wrong number of bolts."


# --- Claims ---


class ClaimFactory(DjangoModelFactory):
    """A claim of an article, with its anchors, hops and quantities.

    `quote`: the quoted text, or a list if the quotation is interrupted. It is anchored in `revision`, by default the
        live or else the latest one. ValueError if the text does not contain it.
    `cue`, `mention`: anchored too, if the paragraph contains them.
    `speakers`: the origin first. Each is a Source, a name (found or created), or the result of `unnamed_speaker`.
    `quantities`: results of `make_quantity`.
    """

    class Meta:
        model = Claim

    article = factory.SubFactory(ArticleFactory)
    quote: str | Sequence[str] = "At least 40 bolts are loose,"
    revision: Revision | None = None
    statement = factory.LazyAttribute(lambda row: " ".join(_quote_parts(row.quote)) or "It will close.")
    form = Claim.Form.DIRECT
    cue = ""
    mention = ""
    review = Claim.Review.PROPOSED
    speakers: Sequence[Source | str | dict[str, Any]] = factory.LazyFunction(lambda: [unnamed_speaker("an official")])
    quantities: Sequence[dict[str, Any]] = ()

    @factory.lazy_attribute
    def reviewed_at(self) -> datetime | None:
        return None if self.review == Claim.Review.PROPOSED else timezone.now()

    @factory.lazy_attribute
    def reviewed_how(self) -> str:
        return "" if self.review == Claim.Review.PROPOSED else Claim.ReviewMethod.DESK

    @classmethod
    def _create(cls, model_class: type[Claim], *args: Any, **kwargs: Any) -> Claim:
        quote, revision, mention = (kwargs.pop(key) for key in ("quote", "revision", "mention"))
        speakers, quantities = kwargs.pop("speakers"), kwargs.pop("quantities")
        article = kwargs["article"]
        revision = revision or article.live or article.latest
        spans = _locate_spans(revision, quote, kwargs["cue"], mention)
        kwargs.setdefault("order", min((start for part, start, _ in spans if part == "content"), default=0))
        claim = model_class.objects.create(*args, **kwargs)
        for part, start, end in spans:
            AnchorFactory(claim=claim, revision=revision, part=part, start=start, end=end)
        for position, speaker in enumerate(speakers, start=1):
            hop = speaker if isinstance(speaker, dict) else {"source": get_source(speaker)}
            hop_mention = mention if position == len(speakers) else ""
            HopFactory(**{"claim": claim, "position": position, "mention": hop_mention, **hop})
        for order, quantity in enumerate(quantities):
            QuantityFactory(**{"claim": claim, "order": order, **quantity})
        return claim


class HopFactory(DjangoModelFactory):
    class Meta:
        model = Hop

    claim = factory.SubFactory(ClaimFactory, speakers=())
    position = factory.LazyAttribute(lambda row: row.claim.hops.count() + 1)

    @factory.lazy_attribute
    def source(self) -> Source | None:
        return None if getattr(self, "unnamed", None) else SourceFactory()


class AnchorFactory(DjangoModelFactory):
    class Meta:
        model = Anchor

    claim = factory.SubFactory(ClaimFactory)
    revision = factory.LazyAttribute(lambda row: row.claim.article.latest)
    part = Anchor.Part.CONTENT
    start = 0
    end = 10


class ClaimNameFactory(DjangoModelFactory):
    class Meta:
        model = ClaimName

    claim = factory.SubFactory(ClaimFactory)
    revision = factory.LazyAttribute(lambda row: row.claim.article.latest)
    source = factory.SubFactory(SourceFactory)
    folded = "harbour board"


class ClaimRoleFactory(DjangoModelFactory):
    class Meta:
        model = ClaimRole

    claim = factory.SubFactory(ClaimFactory)
    revision = factory.LazyAttribute(lambda row: row.claim.article.latest)
    source = factory.SubFactory(SourceFactory)
    role = "spokesperson"


class LedgerFactory(DjangoModelFactory):
    class Meta:
        model = Ledger

    name = factory.Sequence(lambda n: f"Ledger {n}")
    slug = factory.Sequence(lambda n: f"ledger-{n}")


class MergeFactory(DjangoModelFactory):
    class Meta:
        model = Merge

    kept = factory.SubFactory(SourceFactory)
    gone = factory.SubFactory(SourceFactory)
    by = factory.SubFactory(UserFactory)


class ApiKeyFactory(DjangoModelFactory):
    class Meta:
        model = ApiKey

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Script {n}")
    digest = factory.Sequence(lambda n: f"{n:064x}")
    hint = "otr_000000"


class RoleDefaultFactory(DjangoModelFactory):
    class Meta:
        model = RoleDefault

    role = "editor"
    permission = factory.Sequence(lambda n: f"articles.permission{n}")


class QuantityFactory(DjangoModelFactory):
    class Meta:
        model = Quantity

    claim = factory.SubFactory(ClaimFactory)
    raw = "at least 40"
    counts = "bolts"

    @factory.lazy_attribute
    def lower(self) -> int | None:
        return 40 if getattr(self, "upper", None) is None else None


class ClaimLinkFactory(DjangoModelFactory):
    class Meta:
        model = ClaimLink

    claim = factory.SubFactory(ClaimFactory)
    other = factory.SubFactory(ClaimFactory)
    kind = ClaimLink.Kind.SUPPORTS


class RepeatClusterFactory(DjangoModelFactory):
    class Meta:
        model = RepeatCluster


class ClaimRepeatFactory(DjangoModelFactory):
    class Meta:
        model = ClaimRepeat

    cluster = factory.SubFactory(RepeatClusterFactory)
    claim = factory.SubFactory(ClaimFactory)


class AutosavedTextFactory(DjangoModelFactory):
    class Meta:
        model = AutosavedText

    user = factory.SubFactory("tests.factories.UserFactory")
    seen_at = factory.LazyFunction(timezone.now)


class DeskActionFactory(DjangoModelFactory):
    class Meta:
        model = DeskAction

    article = factory.SubFactory(ArticleFactory)
    by = factory.SubFactory(UserFactory)
    kind = "accept"
    sentence = "Accepted “It will close.”"


# --- Imports ---


class OriginalFactory(DjangoModelFactory):
    """An original file. `data=b"…"` is its content."""

    class Meta:
        model = Original

    data = factory.Sequence(lambda n: f"Bridge closed\nBy Ada Roe\nCopy number {n}.\n".encode())

    @classmethod
    def _create(cls, model_class: type[Original], *args: Any, **kwargs: Any) -> Original:
        data = kwargs.pop("data")
        kwargs.setdefault("digest", hashlib.sha256(data).hexdigest())
        kwargs.setdefault("size", len(data))
        return model_class.objects.create(*args, compressed=zlib.compress(data), **kwargs)


class ImportRunFactory(DjangoModelFactory):
    class Meta:
        model = ImportRun

    arguments = factory.LazyFunction(lambda: {"paths": ["wire"]})
    counts = factory.LazyFunction(lambda: {"imported": 1})
    state = ImportRun.State.FINISHED
    finished_at = factory.LazyAttribute(lambda row: timezone.now() if row.state == "finished" else None)


class ImportItemFactory(DjangoModelFactory):
    class Meta:
        model = ImportItem

    run = factory.SubFactory(ImportRunFactory)
    path = factory.Sequence(lambda n: f"wire/{n}.txt")
    outcome = ImportItem.Outcome.IMPORTED
    code = factory.LazyAttribute(lambda row: "not-text" if row.outcome == "rejected" else "")


# --- Audit log ---


class LogEntryFactory(DjangoModelFactory):
    class Meta:
        model = LogEntry

    by = factory.SubFactory(UserFactory)
    verb = verbs.CHANGED
    kind = "articles.article"
    row = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Story {n}")


# --- Helpers ---


def published_article(**kwargs: Any) -> Article:
    """Return a published article. The arguments are those of ArticleFactory."""
    return ArticleFactory(**{"status": Article.Status.PUBLISHED, **kwargs})


def add_revision(article: Article, *, live: bool = False, **kwargs: Any) -> Revision:
    """Add a revision, by default with the same headline. With `live`, readers see it."""
    if article.latest:
        kwargs.setdefault("headline", article.latest.headline)
    revision = RevisionFactory(article=article, **kwargs)
    article.latest = revision
    if live:
        article.live = revision
    article.save(update_fields=["latest", "live"])
    return revision


def get_source(name: str | Source, kind: str = Source.Kind.PERSON) -> Source:
    """Return the source with this name. Create it if it does not exist."""
    if isinstance(name, Source):
        return name
    return Source.objects.filter(name=name).first() or SourceFactory(
        name=name, kind=kind, slug=f"{slugify_name(name) or 'source'}-{Source.objects.count()}"
    )


def make_claim(
    article: Article,
    *,
    quote: str | Sequence[str],
    by: Source | str | dict[str, Any] | Sequence[Source | str | dict[str, Any]] | None = None,
    figures: Sequence[dict[str, Any]] = (),
    review: str = Claim.Review.ACCEPTED,
    **kwargs: Any,
) -> Claim:
    """Return an accepted claim. `by` is a speaker or several, origin first.

    `by=()` gives a claim without any.
    """
    if by is None:
        by = unnamed_speaker("an official")
    speakers = [by] if isinstance(by, (str, dict, Source)) else list(by)
    return ClaimFactory(article=article, quote=quote, speakers=speakers, quantities=figures, review=review, **kwargs)


def unnamed_speaker(mention: str, *, number: int = 1, organisation: Source | str | None = None) -> dict[str, Any]:
    """Return a speaker without a name, for `by` and `speakers`."""
    employer = organisation and get_source(organisation, Source.Kind.ORGANISATION)
    return {"source": None, "unnamed": number, "mention": mention, "organisation": employer or None}


def make_quantity(raw: str, *, lower: int | None = None, upper: int | None = None, **kwargs: Any) -> dict[str, Any]:
    """Return a quantity as written, with its bounds, for `figures` and `quantities`."""
    return {"raw": raw, "lower": lower, "upper": upper, **kwargs}


def _quote_parts(quote: str | Sequence[str]) -> list[str]:
    return ([quote] if quote else []) if isinstance(quote, str) else list(quote)


def _locate_spans(
    revision: Revision | None, quote: str | Sequence[str], cue: str, mention: str
) -> list[tuple[str, int, int]]:
    """Return (part, start, end) of the quotation, the cue and the mention.

    Cue and mention count only if the paragraph contains them.
    """
    quote_parts = _quote_parts(quote)
    if not quote_parts:
        return []
    if revision is None:
        raise ValueError("An article without a revision has no text to quote.")
    text, spans, position = revision.text, [], 0
    for quote_part in quote_parts:
        start = text.find(quote_part, position)
        if start == -1:
            raise ValueError(f"The text of {revision} does not contain “{quote_part}”: {text!r}")
        position = start + len(quote_part)
        spans.append(("content", start, position))
    paragraph_start = text.rfind("\n\n", 0, spans[0][1]) + 1
    paragraph_end = text.find("\n\n", position)
    for part, wanted in (("cue", cue), ("source", mention)):
        end = paragraph_end if paragraph_end != -1 else len(text)
        start = text.find(wanted, paragraph_start, end) if wanted else -1
        if start != -1:
            spans.append((part, start, start + len(wanted)))
    return spans
