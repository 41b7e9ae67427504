"""The tables: articles, claims, images, imports. Import models from here."""

from articles.models.api_key import ApiKey
from articles.models.article import Article, Revision
from articles.models.article_parts import Byline, Correction, RelatedLink
from articles.models.autosave import AutosavedText
from articles.models.claim import Claim
from articles.models.claim_facts import ClaimName, ClaimRole
from articles.models.claim_links import ClaimLink, ClaimRepeat, RepeatCluster
from articles.models.claim_parts import Anchor, Hop
from articles.models.desk_action import DeskAction
from articles.models.image import ArticleImage, Image
from articles.models.imports import ImportItem, ImportRun, Original
from articles.models.ledger import Ledger, Quantity
from articles.models.role_default import RoleDefault
from articles.models.topic import PublisherHost, Topic

__all__ = [
    "Anchor",
    "ApiKey",
    "Article",
    "ArticleImage",
    "AutosavedText",
    "Byline",
    "Claim",
    "ClaimLink",
    "ClaimName",
    "ClaimRepeat",
    "ClaimRole",
    "Correction",
    "DeskAction",
    "Hop",
    "Image",
    "ImportItem",
    "ImportRun",
    "Ledger",
    "Original",
    "PublisherHost",
    "Quantity",
    "RelatedLink",
    "RepeatCluster",
    "Revision",
    "RoleDefault",
    "Topic",
]
