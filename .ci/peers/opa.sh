# Open Policy Agent, built from its Go module. Sourced by install.

opa_home=$peers_cache/opa-$opa_version
if ! peer_path opa >/dev/null; then
  command -v go >/dev/null 2>&1 || die "needs Go to build OPA: install it from https://go.dev/dl"
  fresh=$(mktemp -d "$peers_cache/.opa.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  say "peers: building opa $opa_version (a minute or more the first time)"
  # A module that the proxy does not have is refused, not cloned from its repository.
  (
    cd "$fresh"
    GOBIN=$fresh GOPROXY=$(go env GOPROXY | sed 's/[,|]direct$//') GOTOOLCHAIN=local GOFLAGS=-buildvcs=false CGO_ENABLED=1 \
      go install -trimpath -ldflags '-s -w' "github.com/open-policy-agent/opa@v$opa_version" </dev/null >&2
  )
  "$fresh/opa" version >/dev/null || die "the OPA that was built does not run on this machine"
  printf '%s\n' "$opa_version" >"$fresh/.stamp"
  rm -rf "$opa_home"
  mv "$fresh" "$opa_home"
  chmod 755 "$opa_home"
  trap - EXIT
fi
report opa
