"""The rows of policy that the chain (校验链) protects.

They are adopted packs, source checks, and steps and scans of the bureau's own versions.
"""

from xuezheng.policy.models import SourceCheck, TakenPack, VersionScan, VersionStep
from xuezheng.records.models.chain import ChainedRows, rows_by_key

packs = ChainedRows(
    "policy.pack",
    "政策包采用记录",
    lambda: TakenPack.objects.order_by("pk"),
    rows_by_key(
        TakenPack.objects.all(), "code", "level", "edition", "content", "withdrawn", "taken_by_id", "taken_at"
    ),
)
source_checks = ChainedRows(
    "policy.source_check",
    "标准核实记录",
    lambda: SourceCheck.objects.order_by("pk"),
    rows_by_key(
        SourceCheck.objects.all(),
        *(
            "key",
            "pack",
            "first",
            "content",
            "document",
            "checked_on",
            "withdrawn",
            "checked_by_id",
            "recorded_at",
        ),
    ),
)
version_scans = ChainedRows(
    "policy.version_scan",
    "标准依据扫描件",
    lambda: VersionScan.objects.order_by("pk"),
    rows_by_key(VersionScan.objects.all(), "version_id", "name", "sha256"),
)
version_steps = ChainedRows(
    "policy.version_step",
    "本局标准办理记录",
    lambda: VersionStep.objects.order_by("pk"),
    rows_by_key(
        VersionStep.objects.all(),
        *("version_id", "before", "after", "by_id", "at", "note"),
        *("version__key", "version__first", "version__value", "version__source", "version__published_on"),
    ),
)
