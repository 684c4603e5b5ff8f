# Consul, built from its Go module: no binary of this version is in any package registry. Sourced by install.
# It is under the Business Source License: it runs in tests, nothing of it is shipped.

consul_home=$peers_cache/consul-$consul_version
if ! peer_path consul >/dev/null; then
  command -v go >/dev/null 2>&1 || die "needs Go 1.22 or newer to build Consul: install it from https://go.dev/dl"
  fresh=$(mktemp -d "$peers_cache/.consul.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  say "peers: building consul $consul_version (some minutes the first time)"
  # Consul's own go.mod points at folders beside it; these are the submodules of its release.
  cat >"$fresh/go.mod" <<MODULE
module tenon.dev/peers/consul

go 1.22.0

require github.com/hashicorp/consul v$consul_version

replace (
	github.com/hashicorp/consul/api => github.com/hashicorp/consul/api v1.29.4
	github.com/hashicorp/consul/envoyextensions => github.com/hashicorp/consul/envoyextensions v0.7.3
	github.com/hashicorp/consul/proto-public => github.com/hashicorp/consul/proto-public v0.6.2
	github.com/hashicorp/consul/sdk => github.com/hashicorp/consul/sdk v0.16.1
	github.com/hashicorp/consul/troubleshoot => github.com/hashicorp/consul/troubleshoot v0.7.1
)

exclude (
	github.com/hashicorp/go-msgpack v1.1.5
	github.com/hashicorp/go-msgpack v1.1.6
)
MODULE
  # A module that the proxy does not have is refused, not cloned from its repository.
  (
    cd "$fresh"
    GOPROXY=$(go env GOPROXY | sed 's/[,|]direct$//') GOTOOLCHAIN=local GOFLAGS=-buildvcs=false CGO_ENABLED=1 \
      go build -mod=mod -trimpath -ldflags '-s -w' -o "$fresh/bin/consul" github.com/hashicorp/consul </dev/null >&2
  )
  "$fresh/bin/consul" version >/dev/null || die "the Consul that was built does not run on this machine"
  mv "$fresh/bin/consul" "$fresh/consul"
  rm -rf "${fresh:?}/bin" "$fresh/go.mod" "$fresh/go.sum"
  printf '%s\n' "$consul_version" >"$fresh/.stamp"
  rm -rf "$consul_home"
  mv "$fresh" "$consul_home"
  chmod 755 "$consul_home"
  trap - EXIT
fi
report consul
