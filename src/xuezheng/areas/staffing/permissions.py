"""Declares the permissions on the rotation of heads and teachers, by role."""

from xuezheng.records.permissions import ALL, NONE, SCHOOL, Group, line

# fmt: off
PERMISSIONS = Group("交流轮岗", "本校：只看得到本校应交流的人和志愿；方案定案以后，只看得到从本校调出、到本校来的人。",
    #                                                  办公室  科室    领导  经办人   管理员 安全员 审计员
    line("rotation", "see", "交流轮岗", "查看名单、志愿和岗位", ALL, ALL, ALL, SCHOOL, NONE,  NONE,  ALL),
    line("rotation", "see_plans", "交流轮岗", "查看方案", ALL,  ALL,    ALL,  NONE,    NONE,  NONE,  ALL),
    line("rotation", "handle", "交流轮岗", "编排、调整、定案、登记到岗", ALL, ALL, NONE, NONE, NONE, NONE, NONE))
# fmt: on
