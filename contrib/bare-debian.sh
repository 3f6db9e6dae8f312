#!/bin/bash
# 在一个全新的Debian 12里试运行：证明不靠开发者机器上已有的东西。须以root用户运行，要有debootstrap。
#
#   contrib/bare-debian.sh FOLDER commands [USER]   按README的两个命令（make demo、make test），用户默认root
#   contrib/bare-debian.sh FOLDER bundle FILE       不联网，用安装包装好、启动、备份、检查（FILE由make release生成）
#
# FOLDER里的系统只做一次，可以反复使用；结束时不留下挂载和进程。系统里只有python3、python3-venv、git、make、ca-certificates。
set -euo pipefail

[ $# -ge 2 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd) what=$2
root=$folder/root project=$(cd "$(dirname "$0")/.." && pwd)
clean=(env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8)
# 单位的网络若用自己的证书和软件源，新系统里也要有。
passed=$(env | grep -E '^(SSL_CERT_FILE|SSL_CERT_DIR|PIP_CERT|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS)=' || true)

build() {
  local site
  site=$(grep -ohE 'https?://[^ ]+debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null | head -n 1 || true)
  # shellcheck disable=SC2086 - 没有自己的软件源时不写
  debootstrap --variant=minbase --include=python3,python3-venv,git,make,ca-certificates bookworm "$root" ${site% }
  rm -f "$root/etc/apt/sources.list"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d /etc/pip.conf /etc/ssl/certs \
      /usr/local/share/ca-certificates "$HOME/.npmrc" "$HOME/.config/pip"; do
    [ ! -e "$file" ] || { mkdir -p "$root$(dirname "$file")"; cp -a "$file" "$root$(dirname "$file")/"; }
  done
  for file in $(cut -d= -f2 <<<"$passed"); do
    [ ! -f "$file" ] || { mkdir -p "$root$(dirname "$file")"; cp "$file" "$root$file"; }
  done
  chroot "$root" useradd -m plain
  touch "$root/.ready"
}

[ -e "$root/.ready" ] || build
trap 'umount -l "$root/dev/shm" "$root/dev" "$root/proc" 2>/dev/null || true' EXIT
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t tmpfs shm "$root/dev/shm"
cp /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || true

case $what in
commands)
  user=${3:-root}
  home=$(chroot "$root" getent passwd "$user" | cut -d: -f6)
  rm -rf "$root$home/project"
  git clone -q "$project" "$root$home/project"
  chroot "$root" chown -R "$user" "$home/project"
  for command in 'make demo SERVE=0' 'make test'; do
    echo "== $command（$user）"
    # shellcheck disable=SC2086 - 若干个变量
    chroot "$root" "${clean[@]}" HOME="$home" $passed su "$user" -s /bin/bash -m -c "cd $home/project && $command"
  done
  echo "README的两个命令在全新的Debian 12上都通过（$user）。"
  ;;
bundle)
  rm -rf "$root/bundle" "$root/opt/xuezheng" "$root/var/lib/xuezheng" "$root/var/lib/xuezheng-backups" "$root/etc/xuezheng"
  mkdir "$root/bundle"
  tar -xzf "$3" -C "$root/bundle" --strip-components 1
  cp "$project/contrib/release/try-installed.sh" "$root/bundle/"
  # 网络是空的：连本机以外的任何地方都不通。
  unshare --net bash -c 'ip link set lo up 2>/dev/null || true; exec "$@"' -- \
    chroot "$root" "${clean[@]}" HOME=/root bash /bundle/try-installed.sh
  ;;
*)
  echo "不认识“$what”。" >&2
  exit 2
  ;;
esac
