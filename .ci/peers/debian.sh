# What benchmarks need from Debian: two proxies or backends and two load generators. Sourced by install.

if ! { peer_path haproxy && peer_path nginx && peer_path wrk && peer_path h2load; } >/dev/null; then
  debian_packages haproxy nginx-light wrk nghttp2-client
fi
report haproxy nginx wrk h2load
