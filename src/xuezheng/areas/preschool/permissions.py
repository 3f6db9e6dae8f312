"""Declares the permission on the verdict on the county's preschool education, by role."""

from xuezheng.records.permissions import ALL, NONE, Group, line

# fmt: off
PERMISSIONS = Group("学前教育普及普惠", "只含各园的数，不含个人信息。",
    #                                                        办公室 科室 领导 经办人  管理员 安全员 审计员
    line("verdict", "see", "普及普惠认定", "查看、下载",        ALL,  ALL, ALL, NONE,   NONE,  NONE,  ALL),
    also_of=("inspection",))
# fmt: on
