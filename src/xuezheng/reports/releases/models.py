"""The models of releases: versions, reviews, explanations, and added sentences."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Self

from django.conf import settings
from django.db import models

from xuezheng import registry
from xuezheng.core.periods import Period
from xuezheng.records.models import User
from xuezheng.records.permissions import permits
from xuezheng.reports.releases.files import kept
from xuezheng.reports.templates.additions import Addition


class State(Enum):
    """The state of a release; computed from its versions, reviews and signature, never stored."""

    DRAFT = "起草"
    REVIEWED = "已会签"
    SIGNED = "已签发"
    ISSUED = "已印发"


def sees_drafts(user: User) -> bool:
    """Whether ``user`` may see releases that are not issued yet, and earlier versions.

    A school's clerk may not.
    """
    return bool(permits(user, "see_drafts", "release"))


class ReleaseQuerySet(models.QuerySet["Release"]):
    """A query set of releases."""

    def visible_to(self, user: User) -> Self:
        """Return the releases that ``user`` may see: all, but a school's clerk sees only issued ones."""
        return self if sees_drafts(user) else self.exclude(issued_at=None)

    def with_reviews(self) -> Self:
        """Return the releases with everything that their state depends on prefetched: versions, reviews and users."""
        return self.select_related("issued_by", "signed_by").prefetch_related(
            "versions__made_by", "versions__reviews__made_by"
        )


class Release(models.Model):
    """The report of a period on its way to issue (报告签发); once issued it never changes.

    ``template`` is the name of the report template, ``period`` the key of the period. ``latest`` is the
    number of the newest version: adding a version and issuing one are conditional updates that name the
    number, so that of two at the same time one succeeds and the other is refused. ``signed_version`` is the
    number of the version that a leader signed (签发人), 0 for none: a newer version has to be signed again.
    """

    template = models.CharField("报告", max_length=60)
    period = models.CharField("时期", max_length=20)
    latest = models.PositiveIntegerField("最新版", default=0)
    document_number = models.CharField("发文字号", max_length=40, blank=True)
    signed_version = models.PositiveIntegerField("签发的版次", default=0)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="签发人", related_name="+"
    )
    signed_at = models.DateTimeField("签发时间", null=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="印发人", related_name="+"
    )
    issued_at = models.DateTimeField("印发时间", null=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = "报告签发"
        verbose_name_plural = "报告签发"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["template", "period"],
                condition=models.Q(issued_at=None),
                name="one_open_release_of_a_report",
            ),
            models.UniqueConstraint(
                fields=["document_number"],
                condition=~models.Q(document_number=""),
                name="one_release_of_a_document_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reported_period}报告（签发{self.pk}）"

    @property
    def reported_period(self) -> str:
        """The Chinese label of the period."""
        return Period.parse(self.period).label

    @property
    def current(self) -> Version:
        """The newest version."""
        return self.version(self.latest)

    def version(self, number: int) -> Version:
        """Return the version with this number; raises ``Version.DoesNotExist`` where there is none."""
        for version in self.versions.all():
            if version.number == number:
                return version
        raise Version.DoesNotExist

    @property
    def state(self) -> State:
        """The state of the release, computed from its newest version, the reviews and the signature."""
        if self.issued_at:
            return State.ISSUED
        if self.is_signed:
            return State.SIGNED
        return State.REVIEWED if all(self.reviews(self.current).values()) else State.DRAFT

    @property
    def is_signed(self) -> bool:
        """Whether a leader has signed the newest version."""
        return self.signed_version == self.latest and self.signed_by_id is not None

    def reviews(self, version: Version) -> dict[str, Review | None]:
        """Return whether each section with a part in ``version`` has confirmed it: its valid review, or None, by its name.

        The sections are in the order of their areas. A review of an earlier version is valid as long as the
        section's part is unchanged: so a new version voids only the reviews of those sections whose part it
        changed.
        """
        reviews: dict[str, Review | None] = dict.fromkeys(_in_order(version.parts))
        for reviewed in self.versions.all():
            for review in reviewed.reviews.all():
                part = version.parts.get(review.section)
                if part and reviewed.parts.get(review.section) == part:
                    reviews[review.section] = review
        return reviews


class Version(models.Model):
    """One version of a release: composed from a snapshot, or edited and uploaded. It never changes.

    ``number`` counts from 1; ``upload`` is the name of the uploaded file, "" for a composed version;
    ``sha256`` is the hash of the Word file. ``parts`` has a digest of each section's part (see
    :mod:`xuezheng.reports.releases.parts`), ``found`` the checklist items that were found in the file when
    the version was made.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版次")
    title = models.CharField("标题", max_length=200)
    upload = models.CharField("上传的文件", max_length=255, blank=True)
    snapshot_id = models.CharField("快照", max_length=40)
    sha256 = models.CharField("校验值", max_length=64)
    parts = models.JSONField("各科室的部分", default=dict)
    found = models.JSONField("清单", default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="作者", related_name="+"
    )
    made_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "版本"
        verbose_name_plural = "版本"
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["release", "number"], name="one_version_of_a_number_in_a_release")
        ]

    def __str__(self) -> str:
        return f"第{self.number}版"

    @property
    def file_name(self) -> str:
        """The name under which the Word file is downloaded: its title and number, with the suffix ``.docx``."""
        return f"{self.title}（第{self.number}版）.docx"

    def content(self) -> bytes:
        """Return the bytes of the Word file.

        Raises :class:`ReleaseError` where the stored file is missing or was altered.
        """
        return kept(self.sha256)


class Review(models.Model):
    """A section's confirmation that its part of a version is right (会签).

    ``on_behalf`` is True where the office gave it because the section has no account (代签).
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="reviews")
    section = models.CharField("科室", max_length=30)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="会签人", related_name="+"
    )
    on_behalf = models.BooleanField("办公室代签", default=False)
    made_at = models.DateTimeField("会签时间", auto_now_add=True)

    class Meta:
        verbose_name = "会签"
        verbose_name_plural = "会签"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "section"], name="one_review_of_a_section_in_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.section}会签{self.version}"


class Explanation(models.Model):
    """The reason why an item of the checklist is acceptable; ``item`` is the key of the item.

    A later explanation of the same item replaces an earlier one; none is removed.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="explanations")
    item = models.CharField("清单项", max_length=64)
    text = models.CharField("说明", max_length=300)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="说明人", related_name="+"
    )
    made_at = models.DateTimeField("说明时间", auto_now_add=True)

    class Meta:
        verbose_name = "说明"
        verbose_name_plural = "说明"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text


class AddedSentence(models.Model):
    """A sentence with a number that a user added to the report of a period (补充句): words, a figure's value, words.

    ``heading`` is that of the section at whose end it stands; ``slice`` maps dimensions to members, ``by`` is
    the dimension of a chart below the sentence, "" for none. The row is kept when the sentence is removed, so
    that a version can be composed again as it was.
    """

    LONGEST = 200  # characters before the number, and after it

    template = models.CharField("报告", max_length=60)
    period = models.CharField("时期", max_length=20)
    heading = models.CharField("所在一节", max_length=100)
    before = models.CharField("数字前的文字", max_length=LONGEST)
    figure = models.CharField("指标", max_length=60)
    slice = models.JSONField("范围", default=dict)
    after = models.CharField("数字后的文字", max_length=LONGEST)
    by = models.CharField("附图按什么分", max_length=40, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="放入人", related_name="+"
    )
    made_at = models.DateTimeField("放入时间", auto_now_add=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="取出人", related_name="+"
    )
    removed_at = models.DateTimeField("取出时间", null=True)

    class Meta:
        verbose_name = "补充句"
        verbose_name_plural = "补充句"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.before}…{self.after}"

    @property
    def addition(self) -> Addition:
        """The sentence in the form that :func:`xuezheng.reports.compose.compose` takes."""
        return Addition(self.heading, self.before, self.figure, self.slice, self.after, self.by)


def _in_order(sections: Iterable[str]) -> list[str]:
    """Return the sections in the order of their areas; sections without an area come last."""
    known = [area.section for area in registry.areas().values()]
    return sorted(sections, key=lambda name: known.index(name) if name in known else len(known))
