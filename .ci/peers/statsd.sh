# Prometheus' statsd_exporter, built from its Go module: takes StatsD and DogStatsD, and shows what it took. Sourced by install.

statsd_home=$peers_cache/statsd-exporter-$statsd_version
if ! peer_path statsd >/dev/null; then
  command -v go >/dev/null 2>&1 || die "needs Go to build statsd_exporter: install it from https://go.dev/dl"
  fresh=$(mktemp -d "$peers_cache/.statsd.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  say "peers: building statsd_exporter $statsd_version"
  # A module that the proxy does not have is refused, not cloned from its repository.
  (
    cd "$fresh"
    GOBIN=$fresh GOPROXY=$(go env GOPROXY | sed 's/[,|]direct$//') GOTOOLCHAIN=local GOFLAGS=-buildvcs=false CGO_ENABLED=0 \
      go install -trimpath -ldflags '-s -w' "github.com/prometheus/statsd_exporter@v$statsd_version" </dev/null >&2
  )
  "$fresh/statsd_exporter" --version >/dev/null 2>&1 || die "the statsd_exporter that was built does not run on this machine"
  printf '%s\n' "$statsd_version" >"$fresh/.stamp"
  rm -rf "$statsd_home"
  mv "$fresh" "$statsd_home"
  chmod 755 "$statsd_home"
  trap - EXIT
fi
report statsd
