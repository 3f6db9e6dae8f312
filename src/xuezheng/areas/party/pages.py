"""What the party office's area shows on the home page."""

from xuezheng.web.pages import Chart, Highlight

HOME = [
    Highlight("party.organisations"),
    Highlight("party.members"),
    Highlight("party.platform_coverage"),
    Highlight("party.secretaries_unfit"),
    Chart("party.rated_organisations", by="stars"),
]
