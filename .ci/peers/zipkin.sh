# Zipkin's server, from Maven: takes spans and answers for them. Sourced by install.

zipkin_home=$peers_cache/zipkin-$zipkin_version
if ! peer_path zipkin >/dev/null; then
  command -v mvn >/dev/null 2>&1 || die "needs Maven to fetch Zipkin"
  fresh=$(mktemp -d "$peers_cache/.zipkin.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  say "peers: fetching zipkin $zipkin_version"
  (
    cd "$fresh"
    mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
      -Dartifact="io.zipkin:zipkin-server:$zipkin_version:jar:exec" -DoutputDirectory="$fresh" </dev/null >&2
  )
  mv "$fresh/zipkin-server-$zipkin_version-exec.jar" "$fresh/zipkin.jar"
  printf '%s\n' "$zipkin_version" >"$fresh/.stamp"
  rm -rf "$zipkin_home"
  mv "$fresh" "$zipkin_home"
  chmod 755 "$zipkin_home"
  trap - EXIT
fi
report zipkin
