"""The party area's key figures on the home page, and its dashboard."""

from xuezheng.web.ui.area_pages import Chart, Dashboard, Highlight, Table, Trend

HOME = [
    Highlight("party.organisations"),
    Highlight("party.members"),
    Highlight("party.platform_coverage"),
    Highlight("party.secretaries_unfit"),
    Chart("party.rated_organisations", by="stars"),
]
DASHBOARDS = {
    "party": Dashboard(
        "党建看板",
        [
            *HOME,
            Highlight("party.members_joined"),
            Highlight("party.terms_expired"),
            Highlight("party.integrity_done_rate"),
            Highlight("party.secretary_fit_rate"),
            Trend("party.members"),
            Chart("party.graded_members", by="grade"),
            Table("party.members", by="organisation"),
        ],
    )
}
