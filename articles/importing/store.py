"""Prepared drafts -> rows: what is new is stored, what is here already is recognised.

One call of `Intake.take` is one transaction: a batch of files, each with its outcome on record. A
batch that the database refuses is stored again article by article, so that one bad article costs
only itself. Killed at any moment, the same import run again ends in the same state: ids and slugs
follow from the copy and its order.
"""

from __future__ import annotations

import logging
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.claims.build import (
    Acceptance,
    ClaimRows,
    build_from_drafts,
    build_from_extraction,
    names_in_claims,
    names_in_extraction,
    save_claims,
)
from articles.claims.carry_over import goes_live
from articles.editing.slugs import SlugAllocator
from articles.importing.existing import ExistingArticles, article_id, identity_keys
from articles.importing.locks import import_transaction
from articles.importing.prepare import PreparedArticle
from articles.importing.publishers import PublisherLookup
from articles.importing.updates import revise_from_import
from articles.models import (
    Article,
    ArticleImage,
    Byline,
    Correction,
    ImportItem,
    ImportRun,
    Original,
    PublisherHost,
    RelatedLink,
    Revision,
    Topic,
)
from articles.parsing import Draft, RejectedError
from articles.parsing.draft import DraftWarning
from articles.parsing.exchange import drop_editorial_state
from articles.text.digests import sha256_hex
from articles.text.urls import url_key
from record import log, verbs
from record.models import LogEntry
from record.users import User
from sources.models import Source
from sources.resolver import NamedSource, Resolver

Outcome = ImportItem.Outcome
#: Outcomes after which a file needs no second look.
FINISHED_OUTCOMES = (Outcome.IMPORTED, Outcome.WARNED, Outcome.REVISED, Outcome.UNCHANGED)
#: Statuses in which readers have something to see.
LIVE_STATUSES = (Article.Status.SCHEDULED, Article.Status.PUBLISHED, Article.Status.RETRACTED)
#: What is put on record of an article that came in with such a status.
STATUS_VERBS: dict[str, str] = {
    Article.Status.SCHEDULED: verbs.SCHEDULED,
    Article.Status.PUBLISHED: verbs.PUBLISHED,
    Article.Status.RETRACTED: verbs.RETRACTED,
}
#: Faults of the database itself, as a full disk or a lost server: no article is to blame, and the run stops.
DATABASE_OUTAGE_ERRORS = (OperationalError, InterfaceError)

logger = logging.getLogger("articles.importing")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a load was asked to do with its stories."""

    publish: bool | None = None  # None: not said; copy waits in review, or has its status `as_exported`
    min_accept_confidence: float | None = None  # accept claims of at least this confidence
    update: bool = False  # changed text under a known URL becomes a new revision
    as_exported: bool = False  # an exchange file's own status, reviews and corrections count
    topics: tuple[str, ...] = ()
    by: User | None = None


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """One file's worth for `take`: what it is called, its bytes' digest, and what they gave."""

    path: str
    member: str
    original_digest: str | None  # digest of the kept bytes; None: nothing could be read
    prepared: Sequence[PreparedArticle]
    is_last_part: bool = True  # False: a long file's articles go on in the next Incoming
    existing_items: Sequence[ImportItem] = ()  # these very bytes are here already: the items that brought them


@dataclass(slots=True)
class _Decision:
    """What becomes of one prepared article, before anything is written."""

    incoming: IncomingFile
    prepared: PreparedArticle
    outcome: str = ""
    code: str = ""
    detail: str = ""
    article: Article | None = None
    revision: Revision | None = None
    claims: list[ClaimRows] = field(default_factory=list)

    @property
    def draft(self) -> Draft:
        if isinstance(self.prepared.result, RejectedError):
            raise TypeError("A rejected file has no draft.")
        return self.prepared.result


def store_originals(files: Sequence[bytes]) -> None:
    """Keep the bytes of files, compressed, once a digest; committed before anything is parsed."""
    with import_transaction():
        Original.objects.bulk_create(
            [
                Original(digest=sha256_hex(data), size=len(data), compressed=zlib.compress(data, level=6))
                for data in files
            ],
            ignore_conflicts=True,
        )


def find_finished_items(digests: Iterable[str]) -> dict[str, list[ImportItem]]:
    """For those of these digests whose every article is here still: the items that brought them. Two queries."""
    originals = Original.objects.filter(digest__in=list(digests), taken_in=True).in_bulk()
    items: dict[str, list[ImportItem]] = {}
    rows = ImportItem.objects.filter(original__in=originals, outcome__in=FINISHED_OUTCOMES).order_by("part", "id")
    for item in rows.select_related("original"):
        kept = items.setdefault(originals[item.original_id].digest, [])
        if all(other.part != item.part for other in kept):
            kept.append(item)
    return {key: kept for key, kept in items.items() if all(item.article_id for item in kept)}


class Importer:
    """Stores what one run prepares. `counts` says how many articles came to which outcome."""

    def __init__(self, run: ImportRun | None, options: ImportOptions) -> None:
        """`run` None is a rehearsal: `rehearse` decides and writes nothing."""
        self.run = run
        self.options = options
        self.counts: Counter[str] = Counter()
        self._resolver = Resolver()
        self._publishers = PublisherLookup()
        self._topics: dict[str, Topic] = {}
        self._dry_run_articles = ExistingArticles()

    # --- Deciding: what is here already? ---

    def dry_run(self, batch: Sequence[IncomingFile]) -> list[ImportItem]:
        """The items that `take` would write, unsaved. Writes nothing."""
        decisions = list(_create_decisions(self._drop_untrusted_state(batch)))
        known = self._load_existing(decisions)
        items = []
        for decision in decisions:
            self._decide(decision, known, self._dry_run_articles)
            if not decision.outcome:
                decision.outcome = Outcome.WARNED if _all_warnings(decision.prepared) else Outcome.IMPORTED
                self._dry_run_articles.reserve(decision.draft, decision.prepared.digest)
            items.append(self._build_item(decision, {}))
        for incoming in batch:
            items += self._build_unchanged_items(incoming, {})
        self.counts.update(item.outcome for item in items)
        return items

    def store_batch(self, batch: Sequence[IncomingFile]) -> list[ImportItem]:
        """Store a batch in one transaction and return its items, saved, in order.

        Raises what the database raises when it is not the copy's fault (a full disk, a lost server);
        nothing of the batch is then stored.
        """
        try:
            with import_transaction():
                items = self._store_batch(batch)
        except BaseException:
            self._clear_caches()
            raise
        self.counts.update(item.outcome for item in items)
        return items

    def _store_batch(self, batch: Sequence[IncomingFile]) -> list[ImportItem]:
        batch = self._drop_untrusted_state(batch)
        decisions = list(_create_decisions(batch))
        known = self._load_existing(decisions)
        waiting: list[_Decision] = []
        pending = ExistingArticles()
        for decision in decisions:
            if (
                not decision.outcome
                and not isinstance(decision.prepared.result, RejectedError)
                and pending.is_reserved(decision.draft, decision.prepared.digest)
            ):
                # The same story twice in one batch: the first must stand before the second is judged.
                self._store_new(waiting)
                for stored in waiting:
                    if stored.article:
                        known.add(stored.article, stored.prepared.digest)
                waiting, pending = [], ExistingArticles()
            self._decide(decision, known, pending)
            if not decision.outcome:
                waiting.append(decision)
                pending.reserve(decision.draft, decision.prepared.digest)
        self._store_new(waiting)
        log.note_all([act for decision in decisions if (act := self._build_log_entry(decision))])
        originals = dict(
            Original.objects.filter(digest__in={i.original_digest for i in batch if i.original_digest}).values_list(
                "digest", "id"
            )
        )
        items = [self._build_item(decision, originals) for decision in decisions]
        for incoming in batch:
            items += self._build_unchanged_items(incoming, originals)
        ImportItem.objects.bulk_create(items)
        _mark_finished(batch, decisions, originals)
        return items

    def _drop_untrusted_state(self, batch: Sequence[IncomingFile]) -> Sequence[IncomingFile]:
        """Return the batch without what files say about themselves, unless that counts."""
        if self.options.as_exported:
            return batch
        return [
            replace(
                incoming, prepared=[_without_editorial_state(prepared, self.options) for prepared in incoming.prepared]
            )
            for incoming in batch
        ]

    def _load_existing(self, decisions: Sequence[_Decision]) -> ExistingArticles:
        """What is here already of these; an article whose id or URL cannot be read is rejected."""
        drafts = []
        for decision in decisions:
            if not isinstance(decision.prepared.result, RejectedError):
                with self._reject_on_error(decision):
                    identity_keys(decision.draft, decision.prepared.digest)
                    drafts.append((decision.draft, decision.prepared.digest))
        return ExistingArticles.load(drafts)

    @contextmanager
    def _reject_on_error(self, decision: _Decision, story: Article | None = None) -> Iterator[None]:
        """Let an error reject this article alone: it is logged, and the batch goes on.

        With `story` it is a new revision of that story which cannot be made.
        """
        try:
            yield
        except DATABASE_OUTAGE_ERRORS:
            raise
        except Exception as error:
            incoming, part = decision.incoming, decision.prepared.part
            logger.exception("Not imported: %s %s, article %d", incoming.path, incoming.member, part)
            self._clear_caches()
            decision.article, decision.revision = story, None
            decision.outcome, decision.code, decision.detail = Outcome.REJECTED, "not-stored", _describe_error(error)
            if story is not None:
                decision.code = "not-revised"
                decision.detail = f"The story at {story.slug} was left as it is. {decision.detail}"

    def _clear_caches(self) -> None:
        """Drop what was read or made in a transaction that was rolled back."""
        self._resolver.clear_cache()
        self._topics.clear()
        self._publishers = PublisherLookup()

    def _decide(self, decision: _Decision, known: ExistingArticles, also: ExistingArticles) -> None:
        """Set the outcome of what is not new; leave it empty for what is to be stored."""
        if not decision.outcome:
            with self._reject_on_error(decision):
                self._compare_with_existing(decision, known, also)

    def _compare_with_existing(self, decision: _Decision, known: ExistingArticles, also: ExistingArticles) -> None:
        result = decision.prepared.result
        if isinstance(result, RejectedError):
            decision.outcome, decision.code, decision.detail = Outcome.REJECTED, result.code, result.detail
            return
        text = decision.prepared.digest
        article = known.find_by_id_or_url(result, text)
        if article and (known.has_text(article, text) or also.has_text(article, text)):
            decision.outcome, decision.article = Outcome.UNCHANGED, article
        elif article:
            self._decide_change(decision, article)
            if decision.outcome == Outcome.REVISED:  # the same words again are no other revision
                known.add(article, text)
                also.add(article, text)
        elif words := known.find_by_text(text):
            decision.outcome, decision.article = Outcome.UNCHANGED, words
        elif also.is_reserved(result, text):  # only in a rehearsal: an earlier file of it would be stored by now
            changed = Outcome.REVISED if self.options.update else Outcome.CHANGED
            decision.outcome = Outcome.UNCHANGED if also.is_text_reserved(text) else changed
            if decision.outcome == Outcome.REVISED:
                also.reserve(result, text)

    def _decide_change(self, decision: _Decision, article: Article) -> None:
        decision.article = article
        if not self.options.update:
            decision.outcome, decision.code = Outcome.CHANGED, "text-changed"
            decision.detail = (
                f"The story at {article.slug} has other words than this file. It was left as it is; "
                "with --update this file becomes a new revision."
            )
        elif article.latest is not None and article.latest.author_id:
            decision.outcome, decision.code = Outcome.CHANGED, "edited-here"
            decision.detail = (
                f"The story at {article.slug} was edited here since it was imported. "
                "An import never overwrites an editor's words; make the change by hand."
            )
        elif self.run is None:
            decision.outcome, decision.detail = Outcome.REVISED, self._describe_visibility(article)
        else:
            now = timezone.now()
            with self._reject_on_error(decision, article):
                with transaction.atomic():
                    decision.revision = revise_from_import(
                        article,
                        decision.prepared,
                        self._resolver,
                        acceptance=self._acceptance(now),
                        publish=bool(self.options.publish),
                    )
                decision.outcome = Outcome.REVISED
                decision.detail = self._describe_visibility(decision.revision.article)

    def _describe_visibility(self, article: Article) -> str:
        """Say whether readers get to see a new revision of this article."""
        if goes_live(article, publish=bool(self.options.publish)):
            if article.status == Article.Status.SCHEDULED:
                return _("The new revision is scheduled in place of the one before.")
            return _("The new revision is published.")
        if article.status == Article.Status.RETRACTED:
            return _("The story stays retracted; the new revision is a draft.")
        if article.live_id is not None:
            return _("The new revision is a draft. Readers see the one before until somebody publishes it.")
        return _("The story is not public; the new revision is its latest draft.")

    # --- Storing what is new ---

    def _store_new(self, decisions: list[_Decision]) -> None:
        """Store new articles: all at once, or one by one if that fails for some of them."""
        if not decisions:
            return
        try:
            with transaction.atomic():
                self._write_articles(decisions)
            return
        except DATABASE_OUTAGE_ERRORS:
            raise
        except Exception:  # noqa: BLE001 - one by one, each is logged
            self._clear_caches()
        for decision in decisions:
            with self._reject_on_error(decision), transaction.atomic():
                self._write_articles([decision])

    def _write_articles(self, decisions: list[_Decision]) -> None:
        now = timezone.now()
        self._resolver.load_names(_names_to_resolve(decisions))
        slugs = SlugAllocator(decision.draft.slug or decision.draft.headline for decision in decisions)
        for decision in decisions:
            decision.article = self._build_article(decision, slugs, now)
            decision.revision = _build_first_revision(decision.article, decision.draft, decision.prepared)
        articles = [decision.article for decision in decisions if decision.article]
        Article.objects.bulk_create(articles)
        Revision.objects.bulk_create([decision.revision for decision in decisions if decision.revision])
        _link_first_revisions(articles)
        self._write_related_rows(decisions, now)
        claims: list[ClaimRows] = []
        for decision in decisions:
            claims += self._build_claims(decision, now)
            decision.outcome = Outcome.WARNED if _all_warnings(decision.prepared) else Outcome.IMPORTED
        save_claims(claims)

    def _build_article(self, decision: _Decision, slugs: SlugAllocator, now: datetime) -> Article:
        draft = decision.draft
        url = draft.original_url or ""
        status, published_at, precision = self._publication_state(draft, now)
        language = draft.language or (decision.prepared.extraction.language if decision.prepared.extraction else "en")
        return Article(
            public_id=article_id(draft, decision.prepared.digest),
            slug=slugs.allocate(draft.slug or draft.headline),
            status=status,
            published_at=published_at,
            published_precision=precision,
            embargo_until=draft.embargo_until,
            language=language[:35],
            publisher=self._find_publisher(draft),
            agency=self._resolver.find_or_create(NamedSource(draft.agency, Source.Kind.AGENCY))
            if draft.agency
            else None,
            dateline=draft.dateline[:200],
            original_url=url,
            original_url_hash=url_key(url) if url else None,
        )

    def _publication_state(self, draft: Draft, now: datetime) -> tuple[str, datetime | None, str]:
        """Status, time and its precision. Without a date a published story is of the moment it came in."""
        at, precision = publication_time(draft.published)
        if self.options.publish is None and draft.status:
            status = draft.status
        elif self.options.publish:
            status = Article.Status.PUBLISHED
        else:
            status = Article.Status.IN_REVIEW
        if status in (Article.Status.PUBLISHED, Article.Status.RETRACTED) and at is None:
            at, precision = now, Article.Precision.MINUTE
        embargo = draft.embargo_until
        if embargo is not None and status in LIVE_STATUSES and at is not None and at < embargo:
            at, precision = embargo, Article.Precision.MINUTE  # readers see nothing of it before
        if status == Article.Status.PUBLISHED and at is not None and at > now:
            status = Article.Status.SCHEDULED  # it appears at its time, without a worker
        return status, at, precision

    def _find_publisher(self, draft: Draft) -> Source | None:
        if draft.publisher:
            return self._resolver.find_or_create(NamedSource(draft.publisher, Source.Kind.ORGANISATION))
        row = self._publishers.find_host(draft.original_url) if draft.original_url else None
        if row is None:
            return None
        if row.publisher is None:
            row.publisher = self._resolver.find_or_create(NamedSource(row.name, Source.Kind.ORGANISATION))
            PublisherHost.objects.filter(pk=row.pk).update(publisher=row.publisher)
        return row.publisher

    def _write_related_rows(self, decisions: list[_Decision], now: datetime) -> None:
        """Bylines, images, related links, corrections, topics: one statement a table."""
        bylines, images, links, corrections, filed = [], [], [], [], []
        for decision in decisions:
            draft, article = decision.draft, decision.article
            if article is None:
                continue
            for order, name in enumerate(draft.bylines):
                known = article.agency if name == draft.agency else None
                bylines.append(Byline(article=article, order=order, name=name[:200], source=known))
            for order, image in enumerate(draft.images):
                images.append(
                    ArticleImage(
                        article=article,
                        order=order,
                        caption=image.caption,
                        alt=image.alt,
                        credit=image.credit[:200],
                        credit_source=self._resolver.find(image.credit, Source.Kind.AGENCY),
                        original_url=image.url or "",
                    )
                )
            links += [
                RelatedLink(article=article, order=order, title=link.title[:300], url=link.url or "")
                for order, link in enumerate(draft.related)
            ]
            corrections += [
                Correction(article=article, kind=note.kind, note=note.note, after=decision.revision)
                for note in draft.corrections
            ]
            filed += [
                Article.topics.through(article=article, topic=self._get_topic(name))
                for name in dict.fromkeys((*draft.topics, *self.options.topics))
            ]
        Byline.objects.bulk_create(bylines)
        ArticleImage.objects.bulk_create(images)
        RelatedLink.objects.bulk_create(links)
        Correction.objects.bulk_create(corrections)
        Article.topics.through.objects.bulk_create(filed)

    def _get_topic(self, name: str) -> Topic:
        if name not in self._topics:
            self._topics[name] = get_or_create_topic(name)
        return self._topics[name]

    def _build_claims(self, decision: _Decision, now: datetime) -> list[ClaimRows]:
        article, revision = decision.article, decision.revision
        if article is None or revision is None:
            return []
        if decision.draft.claims is not None:
            by = None if self.options.as_exported else self.options.by
            return build_from_drafts(decision.draft.claims, article, revision, self._resolver, now, by=by)
        if decision.prepared.extraction is None:
            return []
        return build_from_extraction(
            decision.prepared.extraction, article, revision, self._resolver, self._acceptance(now)
        )

    def _acceptance(self, now: datetime) -> Acceptance | None:
        return (
            None
            if self.options.min_accept_confidence is None
            else Acceptance(self.options.min_accept_confidence, self.options.by, now)
        )

    # --- On record ---

    def _build_log_entry(self, decision: _Decision) -> LogEntry | None:
        """Return the act to put on record where this shows readers something, else None."""
        revision = decision.revision
        if self.run is None or revision is None:
            return None
        article = revision.article
        live = (
            article.live_id == revision.pk if decision.outcome == Outcome.REVISED else article.status in LIVE_STATUSES
        )
        if not live:
            return None
        when = article.published_at if article.status == Article.Status.SCHEDULED else None
        return log.new_act(
            STATUS_VERBS[article.status],
            article,
            revision.headline,
            by=self.options.by,
            story=article.pk,
            revision=revision.number,
            when=when.isoformat() if when else None,
            run=str(self.run.public_id),
        )

    def _build_unchanged_items(self, incoming: IncomingFile, originals: dict[str, int]) -> list[ImportItem]:
        """Items for a file whose very bytes are here already."""
        return [
            ImportItem(
                run=self.run,
                path=incoming.path[-1000:],
                member=incoming.member[-1000:],
                part=item.part,
                original_id=originals.get(incoming.original_digest or ""),
                outcome=Outcome.UNCHANGED,
                article_id=item.article_id,
            )
            for item in incoming.existing_items
        ]

    def _build_item(self, decision: _Decision, originals: dict[str, int]) -> ImportItem:
        incoming = decision.incoming
        return ImportItem(
            run=self.run,
            path=incoming.path[-1000:],
            member=incoming.member[-1000:],
            part=decision.prepared.part,
            original_id=originals.get(incoming.original_digest or ""),
            outcome=decision.outcome,
            code=decision.code,
            detail=decision.detail,
            warnings=[{"code": w.code, "detail": w.detail} for w in _all_warnings(decision.prepared)],
            article=decision.article if self.run else None,
            revision=decision.revision,
        )


def _mark_finished(batch: Sequence[IncomingFile], decisions: list[_Decision], originals: dict[str, int]) -> None:
    """Note the originals whose every article is here: the same bytes need no second look."""
    open_still = {id(decision.incoming) for decision in decisions if decision.outcome not in FINISHED_OUTCOMES}
    done = [
        originals[incoming.original_digest]
        for incoming in batch
        if incoming.original_digest and incoming.is_last_part and incoming.prepared and id(incoming) not in open_still
    ]
    Original.objects.filter(pk__in=done).update(taken_in=True)


def _describe_error(error: Exception) -> str:
    """An error as an item keeps it: short, and without what no database stores."""
    said = str(error).encode("utf-8", "replace").decode().replace("\x00", "")[:1000]
    if isinstance(error, DatabaseError):
        return f"The database refused this article: {said}"
    return (
        f"An error stopped the import of this article ({type(error).__name__}: {said}). Nothing of it was stored. "
        "The log says where; please report it."
    )


def get_or_create_topic(name: str) -> Topic:
    """The topic of that name, whatever its capitals, made if there is none."""
    slug = slugify(name)[:100] or "topic"
    found = Topic.objects.filter(slug=slug).first()
    return found or Topic.objects.create(name=name.strip()[:100], slug=slug)


def publication_time(published: date | datetime | None) -> tuple[datetime | None, str]:
    """When, and how exactly that is known. A day is kept as midnight UTC."""
    if isinstance(published, datetime):
        return published, Article.Precision.MINUTE
    if published is None:
        return None, Article.Precision.DAY
    return datetime.combine(published, time.min, tzinfo=UTC), Article.Precision.DAY


def _build_first_revision(article: Article, draft: Draft, prepared: PreparedArticle) -> Revision:
    return Revision(
        article=article,
        number=1,
        headline=draft.headline[:300],
        summary=draft.summary,
        body=prepared.body,
        text=prepared.text,
        digest=prepared.digest,
        note="Imported",
        live_from=max(timezone.now(), article.published_at or timezone.now())
        if article.status in LIVE_STATUSES
        else None,
    )


def _link_first_revisions(articles: Sequence[Article]) -> None:
    """Set `latest`, and `live` where the status says readers may see it. Two statements."""
    first = Revision.objects.filter(article=OuterRef("pk"), number=1).values("pk")[:1]
    ids = [article.pk for article in articles]
    Article.objects.filter(pk__in=ids).update(latest=Subquery(first))
    live = [article.pk for article in articles if article.status in LIVE_STATUSES]
    if live:
        Article.objects.filter(pk__in=live).update(live=Subquery(first))


def _create_decisions(batch: Sequence[IncomingFile]) -> Iterator[_Decision]:
    for incoming in batch:
        for prepared in incoming.prepared:
            yield _Decision(incoming, prepared)


def _without_editorial_state(prepared: PreparedArticle, options: ImportOptions) -> PreparedArticle:
    """Return an exchange file's article as mere copy, with a warning that names what was not taken over."""
    draft = prepared.result
    if isinstance(draft, RejectedError) or not draft.is_from_exchange:
        return prepared
    copy = drop_editorial_state(draft, accept=options.min_accept_confidence)
    if said := _describe_editorial_state(draft, options):
        advice = _(
            "None of this was taken over. If you trust the file, undo this run and import it with --as-exported."
        )
        copy = replace(copy, warnings=(*copy.warnings, DraftWarning("not-as-exported", " ".join((*said, advice)))))
    return replace(prepared, result=copy)


def _describe_editorial_state(draft: Draft, options: ImportOptions) -> list[str]:
    """Say what an exchange file claims for itself beyond what `options` asked for."""
    said = []
    if draft.status in LIVE_STATUSES and not (options.publish and draft.status == Article.Status.PUBLISHED):
        status = Article.Status(draft.status).label
        said.append(_("The file says that its story is %(status)s.") % {"status": status})
    if reviewed := sum(claim.review != "proposed" for claim in draft.claims or ()):
        said.append(
            ngettext(
                "It says that %(count)s claim is reviewed.", "It says that %(count)s claims are reviewed.", reviewed
            )
            % {"count": reviewed}
        )
    if noted := len(draft.corrections):
        said.append(
            ngettext("It brings %(count)s correction.", "It brings %(count)s corrections.", noted) % {"count": noted}
        )
    return said


def _all_warnings(prepared: PreparedArticle) -> list[DraftWarning]:
    """The draft's warnings, then extraction's."""
    if isinstance(prepared.result, RejectedError):
        return []
    found = prepared.extraction.warnings if prepared.extraction else ()
    return [*prepared.result.warnings, *(DraftWarning(code, detail) for code, detail in found)]


def _names_to_resolve(decisions: Iterable[_Decision]) -> Iterator[str]:
    """Every name that storing these will look up."""
    for decision in decisions:
        draft = decision.draft
        yield from (name for name in (draft.agency, draft.publisher) if name)
        yield from (image.credit for image in draft.images if image.credit)
        if draft.claims is not None:
            yield from names_in_claims(draft.claims)
        elif decision.prepared.extraction:
            yield from names_in_extraction(decision.prepared.extraction)
