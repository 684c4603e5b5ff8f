# Shared by the scripts of this folder; sourced, never run.
# A peer is a real server or tool that tests and benchmarks talk to. Nothing of it is shipped.

peers_cache=${TENON_PEERS:-${HOME:-/root}/.cache/tenon-peers}

# The versions that are known to work together with Tenon, said once.
envoy_version=1.40.0
consul_version=1.19.2
opa_version=1.22.2
zipkin_version=3.6.1
grpcio_version=1.85.1
statsd_version=0.31.0

say() { printf '%s\n' "$*" >&2; }
die() { say "peers: $*"; exit 1; }

# as_root COMMAND...: runs it as root, by sudo when this is another user.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo -n "$@"
  else die "needs root for: $* (become root, or install it by hand)"
  fi
}

# debian_packages PACKAGE...: installs those that are missing, and lets none of them start a service.
debian_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null 2>&1 || die "no apt-get here: install by hand: ${missing[*]}"
  say "peers: installing Debian packages ${missing[*]}"
  (
    policy=/usr/sbin/policy-rc.d
    kept=
    if [ -e $policy ]; then
      kept=$(mktemp)
      cp -p $policy "$kept"
    fi
    restore() {
      if [ -n "$kept" ]; then as_root cp -p "$kept" $policy; rm -f "$kept"; else as_root rm -f $policy; fi
    }
    trap restore EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
    apt_install "${missing[@]}" || { as_root apt-get -qq update >&2; apt_install "${missing[@]}"; }
  )
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
    -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 install "$@" </dev/null >&2
}

# peer_path NAME: prints where the peer's binary is; 1 when it is not installed.
peer_path() {
  local found
  case $1 in
    envoy)
      found=$peers_cache/envoy-$envoy_version/envoy
      [ -x "$found" ] && [ -e "${found%/*}/.stamp" ] || return 1 ;;
    consul)
      found=$peers_cache/consul-$consul_version/consul
      [ -x "$found" ] && [ -e "${found%/*}/.stamp" ] || return 1 ;;
    opa)
      found=$peers_cache/opa-$opa_version/opa
      [ -x "$found" ] && [ -e "${found%/*}/.stamp" ] || return 1 ;;
    zipkin)
      found=$peers_cache/zipkin-$zipkin_version/zipkin.jar
      [ -e "$found" ] && [ -e "${found%/*}/.stamp" ] || return 1 ;;
    python)
      found=$peers_cache/python-grpcio-$grpcio_version/bin/python
      [ -x "$found" ] && [ -e "${found%/bin/*}/.stamp" ] || return 1 ;;
    statsd)
      found=$peers_cache/statsd-exporter-$statsd_version/statsd_exporter
      [ -x "$found" ] && [ -e "${found%/*}/.stamp" ] || return 1 ;;
    haproxy | nginx | wrk | h2load | redis-server | prometheus | promtool)
      found=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v "$1") || return 1 ;;
    *) return 1 ;;
  esac
  printf '%s\n' "$found"
}

# peer_version NAME PATH: the version that the binary itself tells.
peer_version() {
  case $1 in
    envoy) "$2" --version 2>&1 | sed -n 's|.*version: [0-9a-f]*/\([^/]*\)/.*|\1|p' ;;
    consul) "$2" version | sed -n '1s/^Consul v//p' ;;
    opa) "$2" version | sed -n 's/^Version: //p' ;;
    zipkin) printf '%s\n' "$zipkin_version" ;;
    statsd) printf '%s\n' "$statsd_version" ;;
    python) "$2" -c 'import grpc; print(grpc.__version__)' ;;
    prometheus | promtool) "$2" --version 2>&1 | sed -n '1s/.*version \([^ ]*\).*/\1/p' ;;
    haproxy) "$2" -v | sed -n '1s/^HAProxy version \([^ -]*\).*/\1/p' ;;
    nginx) "$2" -v 2>&1 | sed 's|.*/||' ;;
    wrk) "$2" -v 2>&1 | sed -n '1s/^wrk \(debian\/\)\{0,1\}\([^ -]*\).*/\2/p' ;;
    redis-server) "$2" --version | sed 's|.* v=\([^ ]*\).*|\1|' ;;
    h2load) "$2" --version | sed 's|.*/||' ;;
  esac
}
