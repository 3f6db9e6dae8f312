"""The URL patterns of the pages, in the namespace ``web``."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from xuezheng.web.admin.access_log import show_access_log, show_record_access
from xuezheng.web.admin.account_requests import account_requests
from xuezheng.web.admin.accounts import account, account_changes, accounts
from xuezheng.web.admin.announcements import announcement, announcements
from xuezheng.web.admin.first_run import first_run
from xuezheng.web.admin.health import health
from xuezheng.web.admin.person_access import person_access
from xuezheng.web.admin.switches import areas_in_use
from xuezheng.web.admin.system import system
from xuezheng.web.figures.crosstab import figure_table
from xuezheng.web.figures.figures import figure, figure_sql, figures
from xuezheng.web.figures.whatif import whatif, whatif_policy, whatif_result
from xuezheng.web.home.dashboards import dashboard, own_dashboard
from xuezheng.web.home.help import help_index, help_sheet, toured
from xuezheng.web.home.home import home
from xuezheng.web.home.jobs import freeze, job, jobs
from xuezheng.web.home.pins import pins
from xuezheng.web.home.search import search
from xuezheng.web.intake.batches import batch
from xuezheng.web.intake.collections import collection, new_collection, submission, submission_workbook
from xuezheng.web.intake.impact import changes
from xuezheng.web.intake.start import intake, template
from xuezheng.web.intake.uploads import marked, upload
from xuezheng.web.linkage.linkage import linkage, linkage_row
from xuezheng.web.login.invitations import welcome
from xuezheng.web.login.oidc import oidc_callback, oidc_login
from xuezheng.web.login.own_account import own_password, own_second_factor
from xuezheng.web.login.second_steps import login_code
from xuezheng.web.login.sessions import Login
from xuezheng.web.plan.plan import plan, plan_item
from xuezheng.web.policy.codes import codes
from xuezheng.web.policy.packs import pack, packs
from xuezheng.web.policy.proposal_form import standard_scan
from xuezheng.web.policy.standards import standard, standard_check, standard_impact, standard_step, standards
from xuezheng.web.registers.bulk_edit import change
from xuezheng.web.registers.correction import correct
from xuezheng.web.registers.documents import add_document, document, remove_document
from xuezheng.web.registers.export import export, exported
from xuezheng.web.registers.new_record import new_record
from xuezheng.web.registers.paste import paste
from xuezheng.web.registers.printing import print_list
from xuezheng.web.registers.registers import record, register, registers
from xuezheng.web.registers.removal import remove
from xuezheng.web.registers.saved_views import columns, view, views
from xuezheng.web.registers.selection import sums
from xuezheng.web.reports.additions import addition, new_addition
from xuezheng.web.reports.audits import audit, audited
from xuezheng.web.reports.checks import check, checked, checked_file
from xuezheng.web.reports.releases import release, release_changes, release_docx, releases
from xuezheng.web.reports.report_templates import (
    figure_palette,
    report_template,
    report_template_file,
    report_templates,
)
from xuezheng.web.reports.reports import report, report_docx, reports
from xuezheng.web.reports.template_adoption import adopt_template, adopted_template
from xuezheng.web.reports.work_entries import entries, entry
from xuezheng.web.statistics.tables import (
    statistical_explanation,
    statistical_table,
    statistical_workbook,
    statistics,
)

app_name = "web"
urlpatterns = [
    path("", home, name="home"),
    path("login/", Login.as_view(), name="login"),
    path("health/", health, name="health"),
    path("login/code/", login_code, name="login_code"),
    path("login/platform/", oidc_login, name="oidc_login"),
    path("login/platform/callback/", oidc_callback, name="oidc_callback"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("welcome/<slug:token>/", welcome, name="welcome"),
    path("own/password/", own_password, name="own_password"),
    path("own/second-factor/", own_second_factor, name="own_second_factor"),
    path("accounts/", accounts, name="accounts"),
    path("accounts/<int:pk>/", account, name="account"),
    path("accounts/requests/", account_requests, name="account_requests"),
    path("accounts/changes/", account_changes, name="account_changes"),
    path("statistics/", statistics, name="statistics"),
    path("statistics/<slug:code>/", statistical_table, name="statistical_table"),
    path("statistics/<slug:code>/file/", statistical_workbook, name="statistical_workbook"),
    path("statistics/<slug:code>/explanations/", statistical_explanation, name="statistical_explanation"),
    path("registers/", registers, name="registers"),
    # Before the records: a token may be of digits alone.
    path("registers/exports/<slug:token>/", exported, name="exported"),
    path("registers/<slug:model>/", register, name="register"),
    path("registers/<slug:model>/<int:pk>/", record, name="record"),
    path("registers/<slug:model>/<int:pk>/looks/", show_record_access, name="record_looks"),
    path("registers/<slug:model>/<int:pk>/correct/", correct, name="correct_record"),
    path("registers/<slug:model>/<int:pk>/remove/", remove, name="remove_record"),
    path("registers/<slug:model>/<int:pk>/documents/", add_document, name="add_document"),
    path("registers/<slug:model>/<int:pk>/documents/<int:number>/", document, name="document"),
    path(
        "registers/<slug:model>/<int:pk>/documents/<int:number>/remove/",
        remove_document,
        name="remove_document",
    ),
    path("registers/<slug:model>/new/", new_record, name="new_record"),
    path("registers/<slug:model>/columns/", columns, name="list_columns"),
    path("registers/<slug:model>/views/", views, name="list_views"),
    path("registers/<slug:model>/views/<int:pk>/", view, name="list_view"),
    path("registers/<slug:model>/sums/", sums, name="list_sums"),
    path("registers/<slug:model>/paste/", paste, name="list_paste"),
    path("registers/<slug:model>/export/", export, name="list_export"),
    path("registers/<slug:model>/print/", print_list, name="list_print"),
    path("registers/<slug:model>/change/", change, name="list_change"),
    path("intake/", intake, name="intake"),
    path("intake/templates/<str:title>/", template, name="template"),
    path("intake/uploads/<slug:token>/", upload, name="upload"),
    path("intake/uploads/<slug:token>/marked/", marked, name="marked"),
    path("intake/uploads/<slug:token>/changes/", changes, name="changes"),
    path("intake/batches/<int:number>/", batch, name="batch"),
    path("intake/collections/new/", new_collection, name="new_collection"),
    path("intake/collections/<int:pk>/", collection, name="collection"),
    path("intake/submissions/<int:pk>/", submission, name="submission"),
    path("intake/submissions/<int:pk>/workbook/", submission_workbook, name="submission_workbook"),
    path("start/", first_run, name="first_run"),
    path("system/areas/", areas_in_use, name="areas_in_use"),
    path("system/", system, name="system"),
    path("help/", help_index, name="help"),
    path("help/toured/", toured, name="toured"),
    path("help/<slug:role>/", help_sheet, name="help_sheet"),
    path("announcements/", announcements, name="announcements"),
    path("announcements/<int:pk>/", announcement, name="announcement"),
    path("jobs/", jobs, name="jobs"),
    path("jobs/<int:pk>/", job, name="job"),
    path("jobs/freeze/", freeze, name="freeze"),
    path("looks/", show_access_log, name="looks"),
    path("looks/persons/", person_access, name="person_access"),
    path("linkage/", linkage, name="linkage"),
    path("linkage/<int:pk>/", linkage_row, name="linkage_row"),
    path("figures/", figures, name="figures"),
    path("figures/<str:key>/", figure, name="figure"),
    path("figures/<str:key>/sql/", figure_sql, name="figure_sql"),
    path("figures/<str:key>/table/", figure_table, name="figure_table"),
    path("dashboards/", own_dashboard, name="dashboards"),
    path("dashboards/<slug:name>/", dashboard, name="dashboard"),
    path("pins/", pins, name="pins"),
    path("policy/", standards, name="standards"),
    path("policy/packs/", packs, name="packs"),
    path("policy/packs/<slug:code>/", pack, name="pack"),
    path("policy/versions/<int:pk>/impact/", standard_impact, name="standard_impact"),
    path("policy/versions/<int:pk>/scan/", standard_scan, name="standard_scan"),
    path("policy/versions/<int:pk>/<slug:step>/", standard_step, name="standard_step"),
    path("policy/codes/<str:key>/", codes, name="codes"),
    path("policy/<str:key>/check/<slug:step>/", standard_check, name="standard_check"),
    path("policy/<str:key>/", standard, name="standard"),
    path("whatif/", whatif, name="whatif"),
    path("whatif/<str:key>/", whatif_policy, name="whatif_policy"),
    path("whatif/results/<slug:token>/", whatif_result, name="whatif_result"),
    path("plan/", plan, name="plan"),
    path("plan/items/<int:pk>/", plan_item, name="plan_item"),
    path("search/", search, name="search"),
    path("reports/", reports, name="reports"),
    path("reports/additions/new/", new_addition, name="new_addition"),
    path("reports/additions/<int:pk>/", addition, name="addition"),
    path("reports/entries/", entries, name="entries"),
    path("reports/entries/<int:pk>/", entry, name="entry"),
    path("reports/audit/", audit, name="audit"),
    path("reports/audit/<slug:token>/", audited, name="audited"),
    path("reports/check/", check, name="check"),
    path("reports/check/<slug:token>/", checked, name="checked"),
    path("reports/check/<slug:token>/file/", checked_file, name="checked_file"),
    path("reports/templates/", report_templates, name="report_templates"),
    path("reports/templates/palette/", figure_palette, name="figure_palette"),
    path("reports/templates/adopt/", adopt_template, name="adopt_template"),
    path("reports/templates/adopt/<slug:token>/", adopted_template, name="adopted_template"),
    path("reports/templates/of/<slug:name>/", report_template, name="report_template"),
    path("reports/templates/of/<slug:name>/file/", report_template_file, name="report_template_file"),
    path("reports/releases/", releases, name="releases"),
    path("reports/releases/<int:number>/", release, name="release"),
    path("reports/releases/<int:number>/changes/", release_changes, name="release_changes"),
    path("reports/releases/<int:number>/<int:version>/docx/", release_docx, name="release_docx"),
    path("reports/<slug:template>/<str:period>/", report, name="report"),
    path("reports/<slug:template>/<str:period>/docx/", report_docx, name="report_docx"),
]
