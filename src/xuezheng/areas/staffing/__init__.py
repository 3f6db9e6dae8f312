"""Staff of the schools and the bureau (教师人事): registers, figures, and rotation between schools."""

from xuezheng.registry import Area

AREA = Area("教师人事", section="人事股", order=30)
