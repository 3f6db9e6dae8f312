#!/usr/bin/env bash
# Installs what the tests need of a Debian system where it is missing; elsewhere says what to install.
set -euo pipefail

missing=()
command -v chromium >/dev/null || missing+=(chromium)
soffice=$(readlink -f "$(command -v soffice || echo /nowhere)")
[ -e "$(dirname "$soffice")/libswlo.so" ] || missing+=(libreoffice-writer-nogui)
[ -e "$(dirname "$soffice")/libsclo.so" ] || missing+=(libreoffice-calc-nogui)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
fc-list :lang=zh 2>/dev/null | grep -q . || missing+=(fontconfig fonts-noto-cjk)

[ ${#missing[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "请先安装:${missing[*]}" >&2
  exit 1
fi
sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo)
export DEBIAN_FRONTEND=noninteractive
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
