#!/usr/bin/env bash
# Installs what the tests need of a Debian system where it is missing. Who may not install is told what to install, and the tests
# that need it are left out; in CI (CI=true) nothing may be left out.
set -euo pipefail

missing=()
command -v chromium >/dev/null || missing+=(chromium)
soffice=$(readlink -f "$(command -v soffice || echo /nowhere)")
[ -e "$(dirname "$soffice")/libswlo.so" ] || missing+=(libreoffice-writer-nogui)
[ -e "$(dirname "$soffice")/libsclo.so" ] || missing+=(libreoffice-calc-nogui)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
compgen -G "/usr/lib/*/libatomic.so.1" >/dev/null || missing+=(libatomic1)  # the browser driver needs it
[ -n "$(fc-list :lang=zh 2>/dev/null)" ] || missing+=(fontconfig fonts-noto-cjk)

[ ${#missing[@]} -eq 0 ] && exit 0
sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo -n)
if ! command -v apt-get >/dev/null || ! "${sudo[@]}" true 2>/dev/null; then
  echo "缺少的程序所涉及的测试不运行。要全部运行，请先以root用户安装：apt-get install --no-install-recommends ${missing[*]}" >&2
  [ "${CI:-}" != true ]
  exit
fi
export DEBIAN_FRONTEND=noninteractive
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
