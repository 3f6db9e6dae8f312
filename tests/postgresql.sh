#!/usr/bin/env bash
# Runs a command beside a PostgreSQL of its own: a fresh cluster in a temporary folder, stopped and removed afterwards.
#
#     tests/postgresql.sh pytest -m database
#
# The command finds the cluster by XUEZHENG_DATABASE_URL.
set -euo pipefail

# Nothing found is no error here: it is told below.
tool() { command -v "$1" || { compgen -G "/usr/lib/postgresql/*/bin/$1" || true; } | sort -V | tail -n 1; }
initdb=$(tool initdb) pg_ctl=$(tool pg_ctl)
if [[ -z $initdb || -z $pg_ctl ]]; then
    echo "没有PostgreSQL（Debian的软件包postgresql），没有在PostgreSQL上测试。" >&2
    [[ ${CI:-} != true ]]
    exit
fi

folder=$(mktemp -d /tmp/xuezheng-postgresql-XXXXXX)
as_owner=()
if [[ $(id -u) == 0 ]]; then  # PostgreSQL refuses to run as root
    chown postgres "$folder"
    as_owner=(runuser -u postgres --)
fi
cluster() { (cd "$folder" && "${as_owner[@]}" "$pg_ctl" --pgdata "$folder/data" --silent "$@"); }
stop() {
    if [[ -f $folder/data/postmaster.pid ]]; then cluster --mode immediate stop || true; fi
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

(cd "$folder" && "${as_owner[@]}" "$initdb" --pgdata data --username xuezheng --auth trust --encoding UTF8 \
    --locale C.UTF-8 --no-sync >/dev/null)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# Nothing in this cluster outlives the run, so it need not wait for the disk.
cluster --wait --log "$folder/log" \
    --options "-p $port -k $folder -h 127.0.0.1 -c fsync=off -c full_page_writes=off -c synchronous_commit=off" start

export XUEZHENG_DATABASE_URL="postgresql://xuezheng@127.0.0.1:$port/postgres"
status=0
"$@" || status=$?
exit "$status"
