"""The permissions to see the dashboards of all sections."""

from xuezheng.records.permissions import ALL, NONE, Group, line

# fmt: off
PERMISSIONS = Group("全局看板", "",
    #                                                      办公室 科室  领导  经办人 管理员 安全员 审计员
    line("leader_dashboard", "see", "局领导看板", "查看",   ALL,  NONE, ALL,  NONE,  NONE,  NONE,  NONE),
    line("office_dashboard", "see", "办公室看板", "查看",   ALL,  NONE, NONE, NONE,  NONE,  NONE,  NONE))
# fmt: on
