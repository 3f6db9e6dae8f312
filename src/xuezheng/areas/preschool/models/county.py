"""What only the county knows: population, pay and money of a year, and the results of the self-evaluation."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import MinValueValidator
from django.db import models

from xuezheng.areas.preschool.models.kindergartens import YEARS
from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField, MoneyField, code_has
from xuezheng.records.models import Record


def _money(name: str, help_text: str) -> MoneyField[int | None, int | None]:
    at_least = MinValueValidator(0, "金额不能小于0元。")
    return MoneyField(name, null=True, blank=True, validators=[at_least], help_text=help_text)


def _number(name: str, help_text: str = "") -> models.PositiveIntegerField[int | None, int | None]:
    return models.PositiveIntegerField(name, null=True, blank=True, help_text=help_text)


class CountyYear(Record):
    """The numbers of the county's preschool education in a year that no kindergarten reports (县域学前教育情况).

    Amounts are in fen for a year: the mean pay of teachers of public kindergartens, on the staff and not, the
    money for a child of a public kindergarten, and the subsidy for one of an affordable private one. None is
    what is not known yet, which is not zero.
    """

    natural_key = ("year",)
    natural_key_name = "one_form_of_preschool_education_a_year"

    year = models.PositiveSmallIntegerField("年度", validators=YEARS)
    population = _number("户籍3—6岁人口", "户籍所在地3—6岁人口数，由公安部门提供")
    staff_pay = _money("公办园在编教师年人均工资（元）", "全年应发，不含单位缴费")
    nonstaff_pay = _money("公办园非在编教师年人均工资（元）", "与在编教师同一口径")
    public_funds = _money("公办园生均公用经费财政拨款（元/年）", "实际拨付数")
    subsidy = _money("普惠性民办园生均补助（元/年）", "实际拨付数")
    valid = _number("有效问卷数", "社会认可度调查")
    satisfied = _number("满意问卷数", "社会认可度调查")

    class Meta:
        verbose_name = "县域学前教育情况"

    def __str__(self) -> str:
        return f"{self.year}年"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if (self.valid is None) != (self.satisfied is None):
            yield "satisfied", "有效问卷数和满意问卷数须同时填写，或同时留空。"
        elif self.valid is not None and self.satisfied is not None and self.satisfied > self.valid:
            yield "satisfied", f"{self.satisfied}多于有效问卷数{self.valid}。请核对。"


class SelfEvaluation(Record):
    """The county's own result of one item of the evaluation in a year, with its evidence (普及普惠自评)."""

    class Result(ClosedChoices):
        """The results of an item."""

        QUALIFIED = "qualified", "合格"
        BASIC = "basic", "基本合格"
        UNQUALIFIED = "unqualified", "不合格"

    natural_key = ("year", "item")
    natural_key_name = "one_preschool_result_of_an_item_a_year"

    year = models.PositiveSmallIntegerField("年度", validators=YEARS)
    item = CodeField("评估项目", codes="preschool.item", on="year")
    result = models.CharField("自评结论", max_length=12, choices=Result)
    explanation = models.CharField("自评说明", max_length=300, blank=True)
    document = models.CharField("佐证材料", max_length=200, help_text="文件名称和文号，或材料名称和存放位置")
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta:
        verbose_name = "普及普惠自评"

    def __str__(self) -> str:
        return f"{self.get_item_display()} {self.year}年"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.result == self.Result.BASIC and not code_has(self, "item", "basic"):
            yield "result", "这一项目没有“基本合格”的等级。请改填“合格”或“不合格”。"
