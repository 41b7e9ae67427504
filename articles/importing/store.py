"""Store prepared articles: new ones are added, existing ones recognised.

One call of `Importer.store_batch` is one transaction: a batch of files, each with its outcome. If the database refuses
a batch, it is stored again article by article, so that one bad article costs only itself. An import that was killed and
is run again ends in the same state, because ids and slugs follow from the files and their order.
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
from articles.text.url_keys import url_key
from record import log, verbs
from record.models import LogEntry
from record.users import User
from sources.models import Source
from sources.resolver import NamedSource, Resolver

Outcome = ImportItem.Outcome
#: Outcomes after which a file need not be read again.
FINISHED_OUTCOMES = (Outcome.IMPORTED, Outcome.WARNED, Outcome.REVISED, Outcome.UNCHANGED)
#: Statuses with a live revision.
LIVE_STATUSES = (Article.Status.SCHEDULED, Article.Status.PUBLISHED, Article.Status.RETRACTED)
#: The verb in the audit log for an article that is imported with such a status.
STATUS_VERBS: dict[str, str] = {
    Article.Status.SCHEDULED: verbs.SCHEDULED,
    Article.Status.PUBLISHED: verbs.PUBLISHED,
    Article.Status.RETRACTED: verbs.RETRACTED,
}
#: Errors of the database itself, such as a full disk or a lost server. No article causes them, and the run stops.
DATABASE_OUTAGE_ERRORS = (OperationalError, InterfaceError)

logger = logging.getLogger("articles.importing")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What an import does with its articles."""

    publish: bool | None = None  # None: articles go into review, or get their own status with `as_exported`
    min_accept_confidence: float | None = None  # accept claims of at least this confidence
    update: bool = False  # a changed text of an existing article becomes its new revision
    as_exported: bool = False  # use the status, reviews and corrections of exchange files
    topics: tuple[str, ...] = ()
    by: User | None = None


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file, or a part of a long one, with its prepared articles."""

    path: str
    member: str
    original_digest: str | None  # digest of the stored bytes; None: the file could not be read
    prepared: Sequence[PreparedArticle]
    is_last_part: bool = True  # False: the next IncomingFile has more articles of the same file
    existing_items: Sequence[ImportItem] = ()  # the items of these bytes, if they were imported before


@dataclass(slots=True)
class _Decision:
    """The outcome of one prepared article, decided before anything is written."""

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
    """Store the bytes of files, compressed, the same bytes once. Commits."""
    with import_transaction():
        Original.objects.bulk_create(
            [
                Original(digest=sha256_hex(data), size=len(data), compressed=zlib.compress(data, level=6))
                for data in files
            ],
            ignore_conflicts=True,
        )


def find_finished_items(digests: Iterable[str]) -> dict[str, list[ImportItem]]:
    """Return digest -> items of the files with all articles still stored.

    Two queries.
    """
    originals = Original.objects.filter(digest__in=list(digests), taken_in=True).in_bulk()
    items: dict[str, list[ImportItem]] = {}
    rows = ImportItem.objects.filter(original__in=originals, outcome__in=FINISHED_OUTCOMES).order_by("part", "id")
    for item in rows.select_related("original"):
        of_file = items.setdefault(originals[item.original_id].digest, [])
        if all(other.part != item.part for other in of_file):
            of_file.append(item)
    return {digest: of_file for digest, of_file in items.items() if all(item.article_id for item in of_file)}


class Importer:
    """Store the articles of one run. `counts` has the number of each outcome."""

    def __init__(self, run: ImportRun | None, options: ImportOptions) -> None:
        """Without a run it is a dry run: use `dry_run`, which writes nothing."""
        self.run = run
        self.options = options
        self.counts: Counter[str] = Counter()
        self._resolver = Resolver()
        self._publishers = PublisherLookup()
        self._topics: dict[str, Topic] = {}
        self._dry_run_articles = ExistingArticles()

    # --- Decide outcomes ---

    def dry_run(self, batch: Sequence[IncomingFile]) -> list[ImportItem]:
        """Return the items that `store_batch` would write. Writes nothing."""
        decisions = list(_create_decisions(self._drop_untrusted_state(batch)))
        existing = self._load_existing(decisions)
        items = []
        for decision in decisions:
            self._decide(decision, existing, self._dry_run_articles)
            if not decision.outcome:
                decision.outcome = Outcome.WARNED if _all_warnings(decision.prepared) else Outcome.IMPORTED
                self._dry_run_articles.reserve(decision.draft, decision.prepared.digest)
            items.append(self._build_item(decision, {}))
        for incoming in batch:
            items += self._build_unchanged_items(incoming, {})
        self.counts.update(item.outcome for item in items)
        return items

    def store_batch(self, batch: Sequence[IncomingFile]) -> list[ImportItem]:
        """Store a batch in one transaction, and return its saved items in order.

        Errors of the database itself (a full disk, a lost server) are raised; nothing of the batch is then stored.
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
        existing = self._load_existing(decisions)
        waiting: list[_Decision] = []
        pending = ExistingArticles()
        for decision in decisions:
            if (
                not decision.outcome
                and not isinstance(decision.prepared.result, RejectedError)
                and pending.is_reserved(decision.draft, decision.prepared.digest)
            ):
                # The same article twice in one batch: store the first before deciding on the second.
                self._store_new(waiting)
                for stored in waiting:
                    if stored.article:
                        existing.add(stored.article, stored.prepared.digest)
                waiting, pending = [], ExistingArticles()
            self._decide(decision, existing, pending)
            if not decision.outcome:
                waiting.append(decision)
                pending.reserve(decision.draft, decision.prepared.digest)
        self._store_new(waiting)
        log.record_all([entry for decision in decisions if (entry := self._build_log_entry(decision))])
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
        """Return the batch without the editorial state in exchange files.

        With the option `as_exported` that state is used.
        """
        if self.options.as_exported:
            return batch
        return [
            replace(
                incoming, prepared=[_without_editorial_state(prepared, self.options) for prepared in incoming.prepared]
            )
            for incoming in batch
        ]

    def _load_existing(self, decisions: Sequence[_Decision]) -> ExistingArticles:
        """Look up these articles. Reject one if its id or URL cannot be read."""
        drafts = []
        for decision in decisions:
            if not isinstance(decision.prepared.result, RejectedError):
                with self._reject_on_error(decision):
                    identity_keys(decision.draft, decision.prepared.digest)
                    drafts.append((decision.draft, decision.prepared.digest))
        return ExistingArticles.load(drafts)

    @contextmanager
    def _reject_on_error(self, decision: _Decision, existing: Article | None = None) -> Iterator[None]:
        """Reject this article if an error occurs. Log it, and go on with the batch.

        `existing` is the article that was to get a new revision.
        """
        try:
            yield
        except DATABASE_OUTAGE_ERRORS:
            raise
        except Exception as error:
            incoming, part = decision.incoming, decision.prepared.part
            logger.exception("Not imported: %s %s, article %d", incoming.path, incoming.member, part)
            self._clear_caches()
            decision.article, decision.revision = existing, None
            decision.outcome, decision.code, decision.detail = Outcome.REJECTED, "not-stored", _describe_error(error)
            if existing is not None:
                decision.code = "not-revised"
                unchanged = _("The existing story (%(slug)s) was not changed.") % {"slug": existing.slug}
                decision.detail = f"{unchanged} {decision.detail}"

    def _clear_caches(self) -> None:
        """Forget rows that were read or made in a transaction that was rolled back."""
        self._resolver.clear_cache()
        self._topics.clear()
        self._publishers = PublisherLookup()

    def _decide(self, decision: _Decision, existing: ExistingArticles, pending: ExistingArticles) -> None:
        """Set the outcome of an article that is not new. Leave it empty for a new one.

        `pending` are the articles that will be stored before it.
        """
        if not decision.outcome:
            with self._reject_on_error(decision):
                self._compare_with_existing(decision, existing, pending)

    def _compare_with_existing(
        self, decision: _Decision, existing: ExistingArticles, pending: ExistingArticles
    ) -> None:
        result = decision.prepared.result
        if isinstance(result, RejectedError):
            decision.outcome, decision.code, decision.detail = Outcome.REJECTED, result.code, result.detail
            return
        digest = decision.prepared.digest
        article = existing.find_by_id_or_url(result, digest)
        if article and (existing.has_text(article, digest) or pending.has_text(article, digest)):
            decision.outcome, decision.article = Outcome.UNCHANGED, article
        elif article:
            self._decide_change(decision, article)
            if decision.outcome == Outcome.REVISED:  # the same text again makes no second revision
                existing.add(article, digest)
                pending.add(article, digest)
        elif same_text := existing.find_by_text(digest):
            decision.outcome, decision.article = Outcome.UNCHANGED, same_text
        elif pending.is_reserved(result, digest):  # only in a dry run: otherwise it would be stored by now
            changed = Outcome.REVISED if self.options.update else Outcome.CHANGED
            decision.outcome = Outcome.UNCHANGED if pending.is_text_reserved(digest) else changed
            if decision.outcome == Outcome.REVISED:
                pending.reserve(result, digest)

    def _decide_change(self, decision: _Decision, article: Article) -> None:
        decision.article = article
        if not self.options.update:
            decision.outcome, decision.code = Outcome.CHANGED, "text-changed"
            decision.detail = _(
                "The text differs from the existing story (%(slug)s), which was not changed. "
                "Import with --update to add this file as a new revision."
            ) % {"slug": article.slug}
        elif article.latest is not None and article.latest.author_id:
            decision.outcome, decision.code = Outcome.CHANGED, "edited-here"
            decision.detail = _(
                "An editor has changed the existing story (%(slug)s) since it was imported. "
                "An import never overwrites an editor's text: make the change by hand."
            ) % {"slug": article.slug}
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
        """Say whether readers will see a new revision of this article."""
        if goes_live(article, publish=bool(self.options.publish)):
            if article.status == Article.Status.SCHEDULED:
                return _("The new revision replaces the scheduled one.")
            return _("The new revision is published.")
        if article.status == Article.Status.RETRACTED:
            return _("The story stays retracted. The new revision is a draft.")
        if article.live_id is not None:
            return _("The new revision is a draft. Readers see the old one until somebody publishes it.")
        return _("The story is not public. The new revision is its latest draft.")

    # --- Store new articles ---

    def _store_new(self, decisions: list[_Decision]) -> None:
        """Store new articles all at once, or one by one if that fails."""
        if not decisions:
            return
        try:
            with transaction.atomic():
                self._write_articles(decisions)
            return
        except DATABASE_OUTAGE_ERRORS:
            raise
        except Exception:  # noqa: BLE001 - the loop below logs each error
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
        """Return status, publication time and its precision.

        A published article without a date is dated now.
        """
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
            at, precision = embargo, Article.Precision.MINUTE
        if status == Article.Status.PUBLISHED and at is not None and at > now:
            status = Article.Status.SCHEDULED
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
        """Store bylines, images, related links, corrections and topics.

        One statement per table.
        """
        bylines, images, links, corrections, filed = [], [], [], [], []
        for decision in decisions:
            draft, article = decision.draft, decision.article
            if article is None:
                continue
            for order, name in enumerate(draft.bylines):
                agency = article.agency if name == draft.agency else None
                bylines.append(Byline(article=article, order=order, name=name[:200], source=agency))
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
            topics = dict.fromkeys(self._get_topic(name) for name in (*draft.topics, *self.options.topics))
            filed += [Article.topics.through(article=article, topic=topic) for topic in topics]
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

    # --- Audit log and items ---

    def _build_log_entry(self, decision: _Decision) -> LogEntry | None:
        """Return the log entry of a change that readers see, else None."""
        revision = decision.revision
        if self.run is None or revision is None:
            return None
        article = revision.article
        is_live = (
            article.live_id == revision.pk if decision.outcome == Outcome.REVISED else article.status in LIVE_STATUSES
        )
        if not is_live:
            return None
        when = article.published_at if article.status == Article.Status.SCHEDULED else None
        return log.build_entry(
            STATUS_VERBS[article.status],
            article,
            revision.headline,
            user=self.options.by,
            article=article.pk,
            revision=revision.number,
            when=when.isoformat() if when else None,
            run=str(self.run.public_id),
        )

    def _build_unchanged_items(self, incoming: IncomingFile, originals: dict[str, int]) -> list[ImportItem]:
        """Build the items of a file with bytes that were imported before."""
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
            warnings=[
                {"code": warning.code, "detail": warning.detail} for warning in _all_warnings(decision.prepared)
            ],
            article=decision.article if self.run else None,
            revision=decision.revision,
        )


def _mark_finished(batch: Sequence[IncomingFile], decisions: list[_Decision], originals: dict[str, int]) -> None:
    """Mark the files with all articles stored: they need not be read again."""
    unfinished = {id(decision.incoming) for decision in decisions if decision.outcome not in FINISHED_OUTCOMES}
    done = [
        originals[incoming.original_digest]
        for incoming in batch
        if incoming.original_digest and incoming.is_last_part and incoming.prepared and id(incoming) not in unfinished
    ]
    Original.objects.filter(pk__in=done).update(taken_in=True)


def _describe_error(error: Exception) -> str:
    """Describe an error for an import item: short, without what a database refuses."""
    message = str(error).encode("utf-8", "replace").decode().replace("\x00", "")[:1000]
    if isinstance(error, DatabaseError):
        return _("The database refused this story: %(error)s") % {"error": message}
    return _(
        "This story was not imported because of an error (%(error)s). Nothing of it was stored. "
        "See the log, and report the error."
    ) % {"error": f"{type(error).__name__}: {message}"}


def get_or_create_topic(name: str) -> Topic:
    """Return the topic of this name, case-insensitively. Create it if needed."""
    slug = slugify(name)[:100] or "topic"
    existing = Topic.objects.filter(slug=slug).first()
    return existing or Topic.objects.create(name=name.strip()[:100], slug=slug)


def publication_time(published: date | datetime | None) -> tuple[datetime | None, str]:
    """Return the publication time and its precision. A day becomes midnight UTC."""
    if isinstance(published, datetime):
        return published, Article.Precision.MINUTE
    if published is None:
        return None, Article.Precision.DAY
    return datetime.combine(published, time.min, tzinfo=UTC), Article.Precision.DAY


def _build_first_revision(article: Article, draft: Draft, prepared: PreparedArticle) -> Revision:
    live_from = max(timezone.now(), article.published_at or timezone.now())
    revision: Revision = Revision.objects.build_next(
        article,
        headline=draft.headline[:300],
        summary=draft.summary,
        body=prepared.body,
        text=prepared.text,
        digest=prepared.digest,
        note=_("Imported"),
        live_from=live_from if article.status in LIVE_STATUSES else None,
    )
    return revision


def _link_first_revisions(articles: Sequence[Article]) -> None:
    """Set `latest`, and `live` if the status is a live one. Two statements."""
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
    """Return an exchange file's article without its editorial state.

    A warning names what was ignored.
    """
    draft = prepared.result
    if isinstance(draft, RejectedError) or not draft.is_from_exchange:
        return prepared
    result = drop_editorial_state(draft, accept=options.min_accept_confidence)
    if ignored := _describe_editorial_state(draft, options):
        advice = _("All this was ignored. If you trust the file, undo this run and import it with --as-exported.")
        detail = " ".join((*ignored, advice))
        result = replace(result, warnings=(*result.warnings, DraftWarning("not-as-exported", detail)))
    return replace(prepared, result=result)


def _describe_editorial_state(draft: Draft, options: ImportOptions) -> list[str]:
    """Describe the editorial state in an exchange file that `options` did not ask for."""
    sentences = []
    if draft.status in LIVE_STATUSES and not (options.publish and draft.status == Article.Status.PUBLISHED):
        status = Article.Status(draft.status).label
        sentences.append(_("The file says that its story is %(status)s.") % {"status": status})
    if reviewed := sum(claim.review != "proposed" for claim in draft.claims or ()):
        sentences.append(
            ngettext(
                "It says that %(count)s claim is reviewed.", "It says that %(count)s claims are reviewed.", reviewed
            )
            % {"count": reviewed}
        )
    if corrections := len(draft.corrections):
        sentences.append(
            ngettext("It has %(count)s correction.", "It has %(count)s corrections.", corrections)
            % {"count": corrections}
        )
    return sentences


def _all_warnings(prepared: PreparedArticle) -> list[DraftWarning]:
    """Return the warnings of the draft, then those of the extractor."""
    if isinstance(prepared.result, RejectedError):
        return []
    found = prepared.extraction.warnings if prepared.extraction else ()
    return [*prepared.result.warnings, *(DraftWarning(code, detail) for code, detail in found)]


def _names_to_resolve(decisions: Iterable[_Decision]) -> Iterator[str]:
    """Yield every name that storing these looks up."""
    for decision in decisions:
        draft = decision.draft
        yield from (name for name in (draft.agency, draft.publisher) if name)
        yield from (image.credit for image in draft.images if image.credit)
        if draft.claims is not None:
            yield from names_in_claims(draft.claims)
        elif decision.prepared.extraction:
            yield from names_in_extraction(decision.prepared.extraction)
