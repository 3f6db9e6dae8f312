"""Policy, as a Django app."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """The Django app of policy: adopted policy packs and the bureau's own versions."""

    name = "xuezheng.policy"
    verbose_name = "政策标准"

    def ready(self) -> None:
        """Register the function that reads code lists, and discard the lists read at the beginning of each request."""
        from django.core.signals import request_started

        from xuezheng.policy import codes
        from xuezheng.records.code_lists import read_codes_by

        read_codes_by(codes.code_list)
        request_started.connect(_forget_codes, dispatch_uid="xuezheng.policy.codes")


def _forget_codes(**about: object) -> None:
    from xuezheng.policy import codes  # models load only once Django is set up

    codes.forget()
