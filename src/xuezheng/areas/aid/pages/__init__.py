"""The pages of the aid office: key figures on the home page, recognitions, and payments."""

from django.urls import path

from xuezheng.areas.aid.models import may_recognise
from xuezheng.areas.aid.pages.make_up import make_up
from xuezheng.areas.aid.pages.payments import bank_file, batch, list_document, payment, payment_list, payments
from xuezheng.areas.aid.pages.people import aid_of, person
from xuezheng.areas.aid.pages.recognition import new_recognition, recognition
from xuezheng.areas.aid.pages.recognitions import notice, notice_docx, recognitions
from xuezheng.areas.aid.pages.waiting import payments_waiting, recognitions_waiting
from xuezheng.web.ui.area_pages import Chart, Dashboard, Door, Entry, Highlight, Table, Trend, where_permitted

HOME = [
    Highlight("aid.registered_poor_pupils"),
    Highlight("aid.registered_poor_amount"),
    Highlight("aid.registered_poor_paid_rate"),
    Highlight("aid.tuition_waived_amount"),
    Chart("aid.registered_poor_amount", by="phase"),
]
DOORS = [Door("本人的资助", aid_of)]
TODOS = [recognitions_waiting, payments_waiting]
OF_SCHOOL = ["aid.aided_pupils"]
DASHBOARDS = {
    "aid": Dashboard(
        "学生资助看板",
        [
            *HOME,
            Highlight("aid.registered_poor_unaided"),
            Highlight("aid.unpaid_awards"),
            Highlight("aid.differing_awards"),
            Highlight("aid.listed_open"),
            Trend("aid.registered_poor_pupils"),
            Chart("aid.registered_poor_pupils", by="place"),
            Chart("aid.aid_amount", by="programme"),
            Table("aid.aided_pupils", by="school"),
        ],
    )
}
NAVIGATION = [
    Entry("资助", "payments", shown_to=where_permitted("handle", "aid.payment")),
    Entry("困难认定", "recognitions", shown_to=may_recognise),
]
urlpatterns = [
    path("payments/", payments, name="payments"),
    path("payments/<int:pk>/", payment, name="payment"),
    path("make-up/", make_up, name="make_up"),
    path("lists/<int:pk>/", payment_list, name="list"),
    path("lists/<int:pk>/<slug:kind>/", list_document, name="paper"),
    path("batches/<int:pk>/", batch, name="batch"),
    path("batches/<int:pk>/file/", bank_file, name="bank_file"),
    path("recognitions/", recognitions, name="recognitions"),
    path("recognitions/new/", new_recognition, name="new_recognition"),
    path("recognitions/<int:pk>/", recognition, name="recognition"),
    path("notices/<int:pk>/", notice, name="notice"),
    path("notices/<int:pk>/docx/", notice_docx, name="notice_docx"),
    path("people/<int:pk>/", person, name="person"),
]
