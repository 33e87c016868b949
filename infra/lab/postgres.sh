#!/usr/bin/env bash
# A real Postgres 17 with pgvector for tests: throwaway clusters on a loopback port, run by an unprivileged user.
#
#   postgres.sh fill        makes sure that the binaries are in the cache, and prints their folder
#   postgres.sh start DIR   makes a cluster in DIR (created; one cluster each), starts it, and prints one line:
#                           {"url":"postgres://postgres:…@127.0.0.1:PORT/postgres","pid":PID}
#                           The url is a superuser's. Started already: prints the same line again.
#   postgres.sh stop DIR    ends it at once and removes the cluster; nothing there: does nothing
#
# The binaries are Debian's own packages, unpacked into ${FREEHOLD_LAB_CACHE:-~/.cache/freehold-lab}/postgres-17
# with the libraries that they were built for, so that they run beside any other release. Where the machine has
# Postgres 17 with pgvector installed, that one is taken. fsync is on, as in production.
# Exit 77, with one sentence on stderr, where this machine cannot: no apt, no way to shed root.
set -Eeuo pipefail
# shellcheck source=infra/lab/common.sh
. "$(dirname "$(readlink -f "$0")")/common.sh"

major=17
cached=$LAB_CACHE/postgres-$major
system=/usr/lib/postgresql/$major/bin

has_system() { [ -x "$system/postgres" ] && [ -f "/usr/share/postgresql/$major/extension/vector.control" ]; }

# The server, the extension and the shared libraries among what they depend on; not LLVM, which only its compiler of
# queries needs, and no programs.
needed_packages() {
  debian_apt --simulate install --no-install-recommends "postgresql-$major" "postgresql-$major-pgvector" 2>>"$LAB_CACHE/apt.log" |
    sed -nE 's/^Inst ([^ ]+) .*/\1/p' |
    grep -E "^(lib|zlib1g|postgresql-$major)" | grep -v -E '^(libllvm|libperl|libz3|.*-perl$)'
}

# A program under its own name that starts the real one with the loader and libraries it was built for. Postgres finds
# its other files from the name it is called by, so that name stays the one in bin.
wrap() {
  local program=$1 root=$2 loader=$3 libraries=$4 bin
  bin=usr/lib/postgresql/$major/bin
  mkdir -p "$root/real"
  mv "$root/$bin/$program" "$root/real/$program"
  cat >"$root/$bin/$program" <<END
#!/bin/sh
exec "$cached/$loader" --argv0 "$cached/$bin/$program" --library-path "$cached/$libraries" "$cached/real/$program" "\$@"
END
  chmod 755 "$root/$bin/$program"
}

fill_cache() {
  [ ! -f "$cached/complete" ] || return 0
  command -v apt-get dpkg-deb >/dev/null || skip "apt and dpkg are needed to fetch Postgres $major"
  local packages root=$cached.new loader libraries
  rm -rf "$root" "$cached"
  debian_apt update >"$LAB_CACHE/apt.log" 2>&1 || skip "the package lists of Debian $LAB_DEBIAN cannot be fetched"
  packages=$(needed_packages)
  # shellcheck disable=SC2086
  debian_unpack "$root" $packages || skip "the packages of Postgres $major cannot be fetched"
  loader=$(cd "$root" && find usr/lib -name 'ld-linux-*.so.*' | head -n 1)
  libraries=$(dirname "$loader")
  for program in postgres initdb; do wrap "$program" "$root" "$loader" "$libraries"; done
  rm -rf "$root"/usr/share/{doc,man,locale,icons}
  touch "$root/complete"
  mv "$root" "$cached"
  say "filled: $("$cached/usr/lib/postgresql/$major/bin/postgres" --version)"
}

programs() {
  if has_system; then
    echo "$system"
  else
    with_lock "postgres-$major" fill_cache
    echo "$cached/usr/lib/postgresql/$major/bin"
  fi
}

# Replaces this (sub)shell by a program that is not root: Postgres refuses to be. In a user namespace, root is "nobody",
# who still owns root's files.
exec_unprivileged() {
  if [ "$(id -u)" != 0 ]; then
    exec "$@"
  elif unshare --user --map-user=65534 --map-group=65534 true 2>/dev/null; then
    exec unshare --user --map-user=65534 --map-group=65534 "$@"
  else
    skip "Postgres does not run as root, and this machine allows no user namespace; call as another user"
  fi
}

# A process that nobody has waited for yet is gone as well.
runs() { grep -q '^State:.[^ZX]' "/proc/$1/status" 2>/dev/null; }
alive() { [ -s "$1/pid" ] && runs "$(cat "$1/pid")"; }

describe() { printf '{"url":"%s","pid":%d}\n' "$(cat "$1/url")" "$(cat "$1/pid")"; }

make_cluster() {
  local folder=$1 bin=$2 password=$3
  rm -rf "$folder/data"
  (umask 077 && printf '%s\n' "$password" >"$folder/password")
  (
    exec_unprivileged "$bin/initdb" --pgdata="$folder/data" --username=postgres --pwfile="$folder/password" \
      --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync --set max_connections=200 \
      --set shared_buffers=64MB --set timezone=UTC --set log_timezone=UTC --set unix_socket_directories=
  ) >"$folder/initdb.log" 2>&1 || { tail -n 5 "$folder/initdb.log" >&2; return 1; }
}

# The server itself writes to postmaster.pid when it takes connections.
is_ready() { sed -n '8p' "$1/data/postmaster.pid" 2>/dev/null | grep -q '^ready'; }

# Starts the server on a port; fails when it ends before it is ready.
start_on() {
  local folder=$1 bin=$2 port=$3 pid
  (exec_unprivileged setsid "$bin/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1) \
    </dev/null >"$folder/log" 2>&1 &
  pid=$!
  echo "$pid" >"$folder/pid"
  for _ in $(seq 1200); do
    ! is_ready "$folder" || return 0
    runs "$pid" || return 1
    sleep 0.025
  done
  kill -QUIT "$pid"
  return 1
}

start() {
  local folder=$1 bin password port
  mkdir -p "$folder"
  folder=$(cd "$folder" && pwd)
  if alive "$folder"; then describe "$folder"; return; fi
  [ -e /usr/share/zoneinfo/UTC ] || skip "Postgres needs the time zones of the package tzdata"
  bin=$(programs)
  password=$(head -c 12 /dev/urandom | od -An -tx1 | tr -d ' \n')
  make_cluster "$folder" "$bin" "$password" || die "no cluster could be made in $folder"
  # Below the ports that the system hands out by itself; a taken one means another try.
  for _ in $(seq 20); do
    port=$((20000 + RANDOM % 12000))
    echo "postgres://postgres:$password@127.0.0.1:$port/postgres" >"$folder/url"
    if start_on "$folder" "$bin" "$port"; then describe "$folder"; return; fi
    grep -q 'Address already in use' "$folder/log" || break
  done
  tail -n 5 "$folder/log" >&2
  die "Postgres does not start in $folder"
}

stop() {
  local folder=$1 pid
  if alive "$folder"; then
    pid=$(cat "$folder/pid")
    kill -QUIT "$pid"
    for _ in $(seq 400); do
      runs "$pid" || break
      sleep 0.025
    done
    ! runs "$pid" || kill -KILL "$pid"
  fi
  rm -rf "$folder"/{data,pid,url,password,log,initdb.log}
}

case ${1:-} in
  fill) programs ;;
  start | stop) "$1" "${2:?usage: postgres.sh $1 DIR}" ;;
  *) die "usage: postgres.sh fill | start DIR | stop DIR" ;;
esac
