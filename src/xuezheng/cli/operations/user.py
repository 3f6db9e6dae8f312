"""``xuezheng user``: create an account, issue a new link by which its owner sets the password, or unlock it.

An operator with access to the server needs no second person; the change is recorded as made on the server.
"""

import argparse

from axes.utils import reset

from xuezheng import registry
from xuezheng.cli.shared import OUT, prepare_database
from xuezheng.records.confirming import Kind, record_on_server
from xuezheng.records.models import School, SecondFactor, User
from xuezheng.web.login.invitations import HOURS, address, invite

ROLES = {str(label): value for value, label in User.Role.choices}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng user`` to ``parser``."""
    parser.add_argument("name", metavar="登录名", help="已有的登录名会得到新的链接，写了角色的按本次所填更改")
    parser.add_argument("--role", choices=ROLES, help=f"新建账号必填：{'、'.join(ROLES)}", metavar="角色")
    parser.add_argument("--area", metavar="业务", help="科室人员必填，如 aid、health")
    parser.add_argument("--school", metavar="学校标识码", help="学校经办人必填")
    parser.add_argument("--unlock", action="store_true", help="解除停用和输错密码的锁定，不发链接")
    parser.add_argument(
        "--clear-second-factor", action="store_true", help="清除两步验证，由本人重新设；不发链接"
    )


def run(options: argparse.Namespace) -> int:
    """Create or change an account and print its one-time link, or unlock it or remove its second factor.

    Returns 0; 1 where an argument is wrong or there is no such account.
    """
    prepare_database()
    user = User.objects.filter(username=options.name).first()
    if options.unlock or options.clear_second_factor:
        return _release(user, options)
    if user is None or options.role:
        if error := _check_role(options.role, options.area, options.school):
            OUT.print(error, style="red")
            return 1
        kind = Kind.CHANGE if user else Kind.CREATE
        user = user or User(username=options.name)
        user.role, user.section = ROLES[options.role], options.area or ""
        user.school = School.objects.filter(code=options.school or "").first()
        if not user.password:
            user.set_unusable_password()
        user.save()
        record_on_server(user, kind, f"在服务器上设定：{user.get_role_display()}")
    record_on_server(user, Kind.LINK, f"在服务器上发出一次性链接：{user.get_role_display()}")
    OUT.print(
        f"账号{options.name}（{user.get_role_display()}）：请本人在{HOURS}小时内打开这个链接设定密码（只能用一次）：\n{address(invite(user))}"
    )
    return 0


def _release(user: User | None, options: argparse.Namespace) -> int:
    """Unlock an account, or clear its second factor, as the options say. Returns 0; 1 where there is no such account."""
    if user is None:
        OUT.print(f"没有账号“{options.name}”。请核对登录名。", style="red", markup=False)
        return 1
    if options.unlock:
        User.objects.filter(pk=user.pk).update(is_active=True)
        reset(username=user.username)
        record_on_server(user, Kind.UNLOCK, "在服务器上启用")
        OUT.print(f"账号{user.username}已启用，输错密码的锁定已解除。", markup=False)
    if options.clear_second_factor:
        SecondFactor.objects.filter(user=user).delete()
        user.end_sessions()
        record_on_server(user, Kind.SECOND_FACTOR, "在服务器上清除两步验证")
        OUT.print(f"账号{user.username}的两步验证已清除，已登录的退出，接口令牌作废。", markup=False)
    return 0


def _check_role(role_label: str | None, area: str | None, school: str | None) -> str:
    """Return a Chinese sentence on arguments that do not suit the role; "" when they do."""
    if role_label is None:
        return f"没有这个账号。新建账号须用--role写明角色：{'、'.join(ROLES)}。"
    role = ROLES[role_label]
    if (role == User.Role.SECTION) != bool(area):
        return "科室人员须用--area写明所管业务，其他角色不写。"
    if area and area not in registry.areas():
        return str(registry.Unknown("业务", area, registry.areas()))
    if (role == User.Role.CLERK) != bool(school):
        return "学校经办人须用--school写明学校标识码，其他角色不写。"
    if school and not School.objects.filter(code=school).exists():
        return f"没有标识码为“{school}”的学校。请先导入学校名册，或核对标识码。"
    return ""
