# Python with gRPC, for adapters in another language. Sourced by install.

python_home=$peers_cache/python-grpcio-$grpcio_version
if ! peer_path python >/dev/null; then
  command -v python3 >/dev/null 2>&1 || debian_packages python3
  rm -rf "$python_home"
  say "peers: fetching grpcio $grpcio_version for Python"
  # A virtual environment knows its own path: it is made where it stays, and is whole when its stamp is there.
  python3 -m venv "$python_home" >&2 || { debian_packages python3-venv; python3 -m venv --clear "$python_home" >&2; }
  "$python_home/bin/pip" install --quiet --disable-pip-version-check -r "$here/../../dist/samples/python-adapter/requirements.txt" </dev/null >&2
  printf '%s\n' "$grpcio_version" >"$python_home/.stamp"
fi
report python
