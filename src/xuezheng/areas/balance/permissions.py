"""Declares the permissions on the verdict on the county and on plans to pass the evaluation, by role."""

from xuezheng.records.permissions import ALL, NONE, Group, line

# fmt: off
PERMISSIONS = Group("优质均衡认定", "只含各校的数，不含个人信息。计划任务由办公室登记。",
    #                                                       办公室 科室  领导  经办人  管理员 安全员 审计员
    line("verdict", "see", "优质均衡认定", "查看、试算、下载",  ALL,  ALL,  ALL,  NONE,   NONE,  NONE,  ALL),
    line("gap_plan", "see", "达标方案", "查看、下载",           ALL,  ALL,  ALL,  NONE,   NONE,  NONE,  ALL),
    line("gap_plan", "make", "达标方案", "测算",                ALL,  ALL,  NONE, NONE,   NONE,  NONE,  NONE),
    line("gap_plan", "adopt", "达标方案", "登记为计划任务",     ALL,  NONE, NONE, NONE,   NONE,  NONE,  NONE),
    also_of=("inspection",))
# fmt: on
