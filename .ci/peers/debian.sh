# What tests and benchmarks need from Debian: two proxies or backends, two load generators, Redis. Sourced by install.

if ! { peer_path haproxy && peer_path nginx && peer_path wrk && peer_path h2load && peer_path redis-server; } >/dev/null; then
  debian_packages haproxy nginx-light wrk nghttp2-client redis-server
fi
report haproxy nginx wrk h2load redis-server
