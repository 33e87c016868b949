# Sourced by the scripts beside it: where the cache lies, how to say things, how to fetch Debian packages.
# shellcheck shell=bash

LAB_CACHE=${FREEHOLD_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/freehold-lab}
LAB_DEBIAN=trixie
export DEBIAN_FRONTEND=noninteractive

say() { printf '%s: [%ds] %s\n' "$(basename "$0" .sh)" "$SECONDS" "$*" >&2; }
die() { say "$*"; exit 1; }
# Exit 77 means: this machine cannot do it, and the sentence says what is missing.
skip() { say "SKIPPED: $*"; exit 77; }

# with_lock NAME COMMAND...: one caller at a time per cache; the others wait, then find the work done.
with_lock() {
  local name=$1
  shift
  mkdir -p "$LAB_CACHE/locks"
  (
    flock -w 5400 9 || die "another process has held $LAB_CACHE/locks/$name for 90 minutes"
    "$@"
  ) 9>"$LAB_CACHE/locks/$name"
}

# debian_mirror NAME: the address from which this machine's own apt takes an archive (debian, debian-security).
debian_mirror() {
  { apt-get indextargets --format '$(REPO_URI)' 2>/dev/null || true; } | grep -E "/$1/?\$" | head -n 1
}

# debian_sources: an apt source list for $LAB_DEBIAN, from the mirrors that this machine uses.
debian_sources() {
  local ring=/usr/share/keyrings/debian-archive-keyring.gpg main security
  main=$(debian_mirror debian)
  security=$(debian_mirror debian-security)
  [ -n "$main" ] && [ -f "$ring" ] || return 1
  printf 'deb [signed-by=%s] %s %s main\n' "$ring" "$main" "$LAB_DEBIAN"
  printf 'deb [signed-by=%s] %s %s-updates main\n' "$ring" "$main" "$LAB_DEBIAN"
  [ -z "$security" ] || printf 'deb [signed-by=%s] %s %s-security main\n' "$ring" "$security" "$LAB_DEBIAN"
}

# debian_apt ARGUMENT...: apt-get on lists and a cache of its own, with nothing installed; needs no root.
debian_apt() {
  local home=$LAB_CACHE/apt-$LAB_DEBIAN
  mkdir -p "$home/lists/partial" "$home/archives/partial"
  debian_sources >"$home/sources.list" || skip "apt with Debian's archive keys is needed to fetch packages of Debian $LAB_DEBIAN"
  apt-get -q -o Dir::Etc::sourcelist="$home/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State="$home" -o Dir::State::lists="$home/lists" -o Dir::State::status=/dev/null \
    -o Dir::Cache="$home" -o APT::Sandbox::User="$(id -un)" -o APT::Get::List-Cleanup=false \
    -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false "$@"
}

# debian_unpack FOLDER PACKAGE...: fetches packages and unpacks them, without their install scripts.
debian_unpack() {
  local folder=$1 loads
  shift
  loads=$(mktemp -d)
  (cd "$loads" && debian_apt download "$@") >"$LAB_CACHE/apt.log" 2>&1 ||
    { tail -n 3 "$LAB_CACHE/apt.log" >&2; rm -rf "$loads"; return 1; }
  mkdir -p "$folder"
  find "$loads" -name '*.deb' -exec dpkg-deb -x {} "$folder" \;
  rm -rf "$loads"
}
