# Prometheus and its promtool, from Debian: they scrape and check what adapters expose. Sourced by install.

if ! { peer_path prometheus && peer_path promtool; } >/dev/null; then
  debian_packages prometheus
fi
report prometheus promtool
