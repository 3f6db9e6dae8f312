"""A workbook of awards, all of them new, to persons who are registered, into SQLite: from the file to the preview, and to the commit."""

import hashlib
from functools import cached_property

import polars as pl
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from import_export.fields import Field
from import_export.instance_loaders import ModelInstanceLoader
from import_export.resources import ModelResource
from import_export.results import Result
from import_export.widgets import DateWidget, Widget
from python_calamine import CalamineWorkbook
from tablib import Dataset

from benchmarks.child import Clock
from xuezheng.areas.aid.models import Award
from xuezheng.core.data_folder import home
from xuezheng.intake import import_workbook
from xuezheng.intake.importing import preview_workbook
from xuezheng.records.fields import keyed_hash
from xuezheng.records.models import Person, School, Term


def ours(clock: Clock) -> str:
    """Xuezheng, checked.

    The preview, row by row with what would change, then all that a user's import does: reading in a child process, every check of every cell and row with its place, duplicate
    rows, the person's name against the register, the batch, and a history row for each award.
    """
    with clock("preview"):
        preview_workbook(home() / "awards.xlsx")
    with clock("import"):
        outcome = import_workbook(home() / "awards.xlsx")
    if outcome.problems:
        raise SystemExit(str(outcome.problems[0]))
    return _digest()


def with_import_export(clock: Clock) -> str:
    """django-import-export, checked.

    ``clean_model_instances`` (the model's ``full_clean``), bulk create by 2,000, one transaction, ``skip_diff`` as its
    documentation advises for speed; persons, schools, terms and existing awards are looked up in dictionaries filled
    before. Checks the person's name too. Does not look for a row that stands twice (the database refuses the batch),
    writes no history, reads the file with openpyxl in the same process.
    """
    return _import(clock, AwardResource())


def unchecked(clock: Clock) -> str:
    """django-import-export, unchecked.

    The same without ``full_clean``: a lower bound, which takes a wrong code or a contradiction as it stands.
    """
    resource = AwardResource()
    resource._meta.clean_model_instances = False
    return _import(clock, resource)


def by_hand(clock: Clock) -> str:
    """Polars and executemany, without checks.

    calamine reads the sheet into a polars frame, which puts labels into values and yuan into fen; persons, terms and schools are joined by their
    codes, and ``executemany`` inserts the awards in one transaction: a program written for this one sheet, which trusts it, shows nothing before and leaves no history.
    """
    with clock("import"):
        rows = CalamineWorkbook.from_path(str(home() / "awards.xlsx")).get_sheet_by_index(0).to_python()
        frame = pl.DataFrame(
            [[str(cell) for cell in row] for row in rows[1:]],
            schema=[str(title) for title in rows[0]],
            orient="row",
        )
        people = dict(Person.objects.values_list("id_number_hash", "pk"))
        terms, schools = (dict(model.objects.values_list("code", "pk")) for model in (Term, School))
        awards = frame.select(
            pl.col("身份证件号").map_elements(lambda number: people[keyed_hash(number)], pl.Int64),
            _values("资助项目", "programme"),
            pl.col("学期").replace_strict(terms, return_dtype=pl.Int64),
            _values("学段", "stage"),
            pl.col("就读学校"),
            pl.col("就读地区划代码"),
            pl.col("学校标识码").replace_strict(schools, default=None, return_dtype=pl.Int64),
            _values("就读方式", "boarding"),
            _values("资助档次", "tier"),
            (pl.col("资助金额（元）").cast(pl.Decimal(12, 2)) * 100).cast(pl.Int64),
            pl.col("发放日期").replace("", None),
        )
        columns = [Award._meta.get_field(name).column for name in AwardResource._meta.fields]
        statement = f"INSERT INTO {Award._meta.db_table} (source_sheet, {', '.join(columns)}) VALUES ('', {', '.join(['%s'] * len(columns))})"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, awards.rows())
    return _digest()


def _values(title: str, name: str) -> pl.Expr:
    """The values of a column of labels; a blank stays one."""
    values = {label: value for value, label in Award._meta.get_field(name).flatchoices}
    return pl.col(title).replace_strict({"": "", **values}, return_dtype=pl.String)


def _import(clock: Clock, resource: ModelResource) -> str:
    with clock("preview"):
        _load(resource, dry_run=True)
    with clock("import"):
        result = _load(resource, dry_run=False)
    if result.has_errors() or result.has_validation_errors():
        raise SystemExit(str(result.invalid_rows[:1] or result.row_errors()[:1]))
    return _digest()


def _load(resource: ModelResource, dry_run: bool) -> Result:
    book = Dataset().load((home() / "awards.xlsx").read_bytes(), format="xlsx")
    return resource.import_data(book, dry_run=dry_run, use_transactions=True, raise_errors=True)


class Choice(Widget):
    """A value by its label."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.values = {label: value for value, label in Award._meta.get_field(name).flatchoices}

    def clean(self, value, row=None, **kwargs):
        if value and value not in self.values:
            raise ValueError(f"{value} is not among the choices")
        return self.values[value] if value else ""


class Fen(Widget):
    """Fen from yuan."""

    def clean(self, value, row=None, **kwargs):
        yuan, _, cents = value.partition(".")
        return int(yuan) * 100 + int(cents.ljust(2, "0"))


class LookUp(Widget):
    """A record of a small register by its code, all of them read once."""

    def __init__(self, model: type) -> None:
        super().__init__()
        self.model = model

    @cached_property
    def records(self) -> dict:
        return {record.code: record for record in self.model.objects.all()}

    def clean(self, value, row=None, **kwargs):
        return self.records[value] if value else None


class PersonLookUp(Widget):
    """A person by the ID number, whose name must fit; the register is read once, without decrypting."""

    @cached_property
    def records(self) -> dict:
        return {person.id_number_hash: person for person in Person.objects.only("id_number_hash", "name")}

    def clean(self, value, row=None, **kwargs):
        person = self.records[keyed_hash(value)]
        if person.name != row["姓名"]:
            raise ValidationError("another name is registered")
        return person


class Loader(ModelInstanceLoader):
    """Its CachedInstanceLoader takes a key of one field only; this is the same for the key of three."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.existing = {(a.person_id, a.programme, a.term_id): a for a in self.get_queryset()}

    def get_instance(self, row):
        if not self.existing:
            return None
        person, programme, term = (
            self.resource.fields[name].clean(row) for name in self.resource.get_import_id_fields()
        )
        return self.existing.get((person.pk, programme, term.pk))


class AwardResource(ModelResource):
    """The template's columns."""

    person = Field("person", "身份证件号", PersonLookUp())
    programme = Field("programme", "资助项目", Choice("programme"))
    term = Field("term", "学期", LookUp(Term))
    stage = Field("stage", "学段", Choice("stage"))
    school_name = Field("school_name", "就读学校")
    study_division = Field("study_division", "就读地区划代码")
    school = Field("school", "学校标识码", LookUp(School))
    boarding = Field("boarding", "就读方式", Choice("boarding"))
    tier = Field("tier", "资助档次", Choice("tier"))
    amount = Field("amount", "资助金额（元）", Fen())
    paid_on = Field("paid_on", "发放日期", DateWidget("%Y-%m-%d"))

    class Meta:
        model = Award
        fields = (
            "person", "programme", "term", "stage", "school_name", "study_division", "school", "boarding", "tier", "amount",
            "paid_on",
        )  # fmt: skip
        import_id_fields = ("person", "programme", "term")
        instance_loader_class = Loader
        clean_model_instances = True
        use_bulk = True
        batch_size = 2000
        skip_diff = True
        skip_html_diff = True


def _digest() -> str:
    """A hash of all awards, for comparison."""
    told = hashlib.sha256()
    for row in Award.objects.order_by("person", "programme", "term").values_list(*AwardResource._meta.fields):
        told.update(repr(row).encode())
    return told.hexdigest()
