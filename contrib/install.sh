#!/bin/bash
# 从安装包安装或升级学政，不需要网络。以root用户运行：bash install.sh
#
# 安装：建立用户xuezheng、程序（/opt/xuezheng）、设定（/etc/xuezheng/xuezheng.env）、数据文件夹（/var/lib/xuezheng）和系统服务。
# 升级：解开新的安装包再运行一次。升级前自动备份；升级不成，仍用原来的程序和数据。
set -euo pipefail
cd "$(dirname "$0")"

data=/var/lib/xuezheng backups=/var/lib/xuezheng-backups settings=/etc/xuezheng program=/opt/xuezheng

refuse() { echo "没有安装：$1" >&2; exit 1; }
as_owner() { runuser -u xuezheng -- "$@"; }
has_systemd() { [ -d /run/systemd/system ]; }
# 按设定文件运行程序，正如服务所做的那样。
xuezheng() { (set -a; . "$settings/xuezheng.env"; set +a; cd "$data"; as_owner "$program/$1/bin/xuezheng" "${@:2}"); }

[ "$(id -u)" -eq 0 ] || refuse "请用root用户运行，如 sudo bash install.sh。"
command -v python3 >/dev/null || refuse "缺少python3。请先安装Debian的软件包python3和python3-venv（安装光盘里就有）。"
python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
  || refuse "python3的版本是$(python3 -V)，本安装包用于Python 3.11（Debian 12）。"
python3 -c 'import ensurepip, venv' 2>/dev/null || refuse "缺少Debian的软件包python3-venv（安装光盘里就有），请先安装。"
wheel=$(ls wheels/xuezheng-*.whl)
version=$(basename "$wheel" | cut -d- -f2)
space=$(df --output=avail -k /opt | tail -n 1)
[ "$space" -gt 2000000 ] || refuse "/opt所在的磁盘只剩$((space / 1024))兆，至少要2000兆。"

id xuezheng >/dev/null 2>&1 || useradd --system --home-dir "$data" --shell /usr/sbin/nologin xuezheng
install -d -m 0755 "$program"
install -d -m 0750 -g xuezheng "$settings"
install -d -m 0700 -o xuezheng -g xuezheng "$data" "$backups"
[ -e "$settings/xuezheng.env" ] || install -m 0640 -g xuezheng xuezheng.env "$settings/xuezheng.env"
if [ ! -e "$settings/backup-passphrase" ]; then
  install -m 0640 -g xuezheng /dev/null "$settings/backup-passphrase"
  python3 -c 'import secrets; print("-".join(secrets.token_hex(3) for _ in range(6)))' >"$settings/backup-passphrase"
  new_passphrase=yes
fi

if [ ! -e "$program/$version/.complete" ]; then
  echo "正在安装程序 $version ……"
  rm -rf "${program:?}/$version"
  python3 -m venv "$program/$version"
  pip=("$program/$version/bin/python" -m pip --quiet --disable-pip-version-check install --no-index --find-links wheels)
  "${pip[@]}" --require-hashes --no-deps -r requirements.lock
  "${pip[@]}" --no-deps "$wheel"
  touch "$program/$version/.complete"
fi

before=$(readlink "$program/current" 2>/dev/null || true)
if [ -n "$before" ] && [ "$before" != "$version" ]; then
  echo "正在由 $before 换到 $version ……"
  if has_systemd; then systemctl stop xuezheng xuezheng-worker; fi
  xuezheng "$version" upgrade --plan
  if ! xuezheng "$version" upgrade --apply; then
    if has_systemd; then systemctl start xuezheng xuezheng-worker; fi
    refuse "数据库没有升级，仍用原来的 $before。"
  fi
fi
ln -sfn "$version" "$program/current.new"
mv -T "$program/current.new" "$program/current"

cat >/usr/local/bin/xuezheng <<'WRAPPER'
#!/bin/bash
# 以服务的用户和设定运行学政的命令。
set -a; . /etc/xuezheng/xuezheng.env; set +a
if [ "$(id -un)" = xuezheng ]; then exec /opt/xuezheng/current/bin/xuezheng "$@"; fi
exec runuser -u xuezheng -- /opt/xuezheng/current/bin/xuezheng "$@"
WRAPPER
chmod 0755 /usr/local/bin/xuezheng

install -m 0644 systemd/*.service systemd/*.timer /etc/systemd/system/ 2>/dev/null || true
if has_systemd; then
  systemctl daemon-reload
  systemctl enable --quiet xuezheng xuezheng-worker xuezheng-backup.timer
  systemctl restart xuezheng xuezheng-worker
  systemctl start xuezheng-backup.timer
fi

echo "学政 $version 已装好。设定在 $settings/xuezheng.env，数据在 $data。"
if [ "${new_passphrase:-}" = yes ]; then
  echo "备份口令在 $settings/backup-passphrase，请现在抄存到服务器以外的地方：没有它无法从备份恢复。"
fi
if ! has_systemd; then
  echo "这台机器没有运行systemd：请自行启动 xuezheng serve（数据文件夹、数据库的设定见上），并每晚运行 xuezheng backup。"
elif [ -z "$before" ]; then
  echo "第一位系统管理员的链接：journalctl -u xuezheng | grep welcome（一天内有效，只能用一次）。"
fi
