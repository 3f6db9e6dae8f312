"""What the aid office shows: its key figures on the home page, and the pages on which aid is paid."""

from django.urls import path

from xuezheng.areas.aid.models import may_pay
from xuezheng.areas.aid.pages.payments import bank_file, batch, paper, payment, payment_list, payments
from xuezheng.web.pages import Chart, Entry, Highlight

HOME = [
    Highlight("aid.registered_poor_pupils"),
    Highlight("aid.registered_poor_amount"),
    Highlight("aid.registered_poor_paid_rate"),
    Highlight("aid.tuition_waived_amount"),
    Chart("aid.registered_poor_amount", by="phase"),
]
NAVIGATION = Entry("资助", "payments", shown_to=may_pay)
urlpatterns = [
    path("payments/", payments, name="payments"),
    path("payments/<int:pk>/", payment, name="payment"),
    path("lists/<int:pk>/", payment_list, name="list"),
    path("lists/<int:pk>/<slug:kind>/", paper, name="paper"),
    path("batches/<int:pk>/", batch, name="batch"),
    path("batches/<int:pk>/file/", bank_file, name="bank_file"),
]
