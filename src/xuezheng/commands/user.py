"""``xuezheng user``: make an account, or give one a new password."""

import argparse
import secrets

from xuezheng import registry
from xuezheng.commands.shared import OUT, prepare_database
from xuezheng.records.models import School, User

ROLES = {str(label): value for value, label in User.Role.choices}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("name", metavar="登录名", help="已有的登录名会得到新密码，角色按本次所填更改")
    parser.add_argument("--role", required=True, choices=ROLES, help="、".join(ROLES), metavar="角色")
    parser.add_argument("--area", metavar="业务", help="科室人员必填，如 aid、health")
    parser.add_argument("--school", metavar="学校标识码", help="学校经办人必填")


def run(options: argparse.Namespace) -> int:
    """Make the account and show its password once."""
    prepare_database()
    role = User.Role(ROLES[options.role])
    if fault := _fault(role, options.area, options.school):
        OUT.print(fault, style="red")
        return 1
    user = User.objects.filter(username=options.name).first() or User(username=options.name)
    user.role, user.section = role, options.area or ""
    user.school = School.objects.filter(code=options.school or "").first()
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save()
    OUT.print(f"账号{options.name}（{options.role}）已可登录，密码只显示这一次：{password}")
    return 0


def _fault(role: User.Role, area: str | None, school: str | None) -> str:
    """Say what does not fit the role, or nothing."""
    if (role == User.Role.SECTION) != bool(area):
        return "科室人员须用--area写明所管业务，其他角色不写。"
    if area and area not in registry.areas():
        return str(registry.Unknown("业务", area, registry.areas()))
    if (role == User.Role.CLERK) != bool(school):
        return "学校经办人须用--school写明学校标识码，其他角色不写。"
    if school and not School.objects.filter(code=school).exists():
        return f"没有标识码为“{school}”的学校。请先导入学校名册，或核对标识码。"
    return ""
