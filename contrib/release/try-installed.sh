#!/bin/bash
# 在全新的系统里装好安装包，启动，看网页、备份、恢复、检查；由 contrib/bare-debian.sh 调用。
set -euo pipefail
cd "$(dirname "$0")"

if python3 -c 'import socket; socket.create_connection(("1.1.1.1", 53), 2)' 2>/dev/null; then
  echo "这里能联网，试不出离线安装。" >&2
  exit 1
fi
begun=$(date +%s)
bash install.sh
cd /var/lib/xuezheng
runuser -u xuezheng -- bash -c 'set -a; . /etc/xuezheng/xuezheng.env; cd; exec xuezheng serve' >/tmp/serve.log 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null || true' EXIT
python3 - <<'PYTHON'
import sys, time, urllib.request
for _ in range(240):
    try:
        with urllib.request.urlopen("http://127.0.0.1:8000/health/") as answer:
            print("/health/", answer.status, answer.read().decode())
        with urllib.request.urlopen("http://127.0.0.1:8000/login/") as answer:
            assert "登录" in answer.read().decode()
            sys.exit()
    except OSError:
        time.sleep(0.5)
sys.exit("没有启动")
PYTHON
echo "从运行install.sh到网页可用：$(($(date +%s) - begun))秒"
grep -o 'http://[^ ]*/welcome/' /tmp/serve.log
xuezheng health
xuezheng backup --to /var/lib/xuezheng-backups --keep-daily 14 --keep-weekly 8
xuezheng doctor
bash /bundle/install.sh | tail -n 3  # 再运行一次什么也不改
kill $server; wait $server 2>/dev/null || true
trap - EXIT
rm -rf /var/lib/xuezheng/*
xuezheng restore /var/lib/xuezheng-backups/*.xzbackup
xuezheng doctor
echo "安装包在没有网络的Debian 12上装好、启动、备份、恢复、检查都通过。"
