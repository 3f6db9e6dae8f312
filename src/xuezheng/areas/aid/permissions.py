"""The permissions to pay aid and to recognise hardship."""

from xuezheng.records.permissions import ALL, NONE, OTHERS, SCHOOL, Group, line

# fmt: off
PERMISSIONS = Group("学生资助", "他人经办的：审批指他人编制的，读回单和确认收款指他人审批的，认定指他人申请和评议的。本校：指本校的申请。",
    #                                                              办公室  科室    领导  经办人  管理员 安全员 审计员
    line("payment", "handle", "资助发放", "查看、编制、编批、登记差异", ALL,    ALL,    NONE, NONE,   NONE,  NONE,  NONE),
    line("payment", "approve", "资助发放", "审批",                  OTHERS, OTHERS, NONE, NONE,   NONE,  NONE,  NONE),
    line("payment", "confirm", "资助发放", "读入回单、确认收回",    OTHERS, OTHERS, NONE, NONE,   NONE,  NONE,  NONE),
    line("recognition", "review", "困难认定", "申请、评议、公示",   ALL,    ALL,    NONE, SCHOOL, NONE,  NONE,  NONE),
    line("recognition", "decide", "困难认定", "认定、终止",         OTHERS, OTHERS, NONE, NONE,   NONE,  NONE,  NONE))
# fmt: on
