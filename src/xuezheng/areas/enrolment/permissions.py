"""Declares the permissions on draws, forecasts, admission seasons, zones and zone plans, by role."""

from xuezheng.records.permissions import ALL, NONE, OTHERS, SCHOOL, Group, line

# fmt: off
PERMISSIONS = Group("公开派位", "他人经办的：复录种子数的不能是第一次录入的人。",
    #                                                  办公室  科室    领导  经办人  管理员 安全员 审计员
    line("draw", "see", "公开派位", "查看",              ALL,    ALL,    ALL,  NONE,   NONE,  NONE,  ALL),
    line("draw", "handle", "公开派位", "固定名单、录种子数、作废", ALL, ALL, NONE, NONE, NONE, NONE,  NONE),
    line("draw", "confirm", "公开派位", "复录种子数",    OTHERS, OTHERS, NONE, NONE,   NONE,  NONE,  NONE))
FORECAST_PERMISSIONS = Group("学位预测", "只含各校的人数和学位，不含个人信息。",
    #                                                  办公室  科室    领导  经办人  管理员 安全员 审计员
    line("forecast", "see", "学位预测", "查看、试算、下载", ALL, ALL,  ALL,  NONE,   NONE,  NONE,  ALL))
SEASON_PERMISSIONS = Group("入学报名", "名单含儿童姓名、出生日期和证件号。",
    #                                                  办公室  科室    领导  经办人  管理员 安全员 审计员
    line("season", "see", "入学报名", "查看各校计划和报名人数", ALL, ALL, ALL, NONE,  NONE,  NONE,  ALL),
    line("season", "list", "入学报名", "核对报名、下载录取和分班名单", ALL, ALL, NONE, NONE, NONE, NONE, NONE))
ZONE_PERMISSIONS = Group("学区划片方案", "方案只含社区的人数，不含个人信息。学校经办人只看本校的学区。他人经办的：决定的人不能是编制或最后改动方案的人。",
    #                                                  办公室  科室    领导  经办人  管理员 安全员 审计员
    line("zone", "see", "学区", "查看已定的学区",        ALL,    ALL,    ALL,  SCHOOL, NONE,  NONE,  ALL),
    line("zone_plan", "see", "划片方案", "查看、下载",   ALL,    ALL,    ALL,  NONE,   NONE,  NONE,  ALL),
    line("zone_plan", "handle", "划片方案", "编制、改动、作废", ALL, ALL, NONE, NONE,  NONE,  NONE,  NONE),
    line("zone_plan", "decide", "划片方案", "登记决定，写入划片", OTHERS, OTHERS, NONE, NONE, NONE, NONE, NONE))
# fmt: on
