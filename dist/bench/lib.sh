# What every launcher of a benchmark does; sourced by them.

bench_home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bench_root=$(cd "$bench_home/../.." && pwd)

# bench NAME OPTION...: builds the harness when its sources are newer, and runs it in the place of this shell.
bench() {
  local java jar
  java=$("$bench_root/.ci/jdk")/bin/java
  jar=$(bench_jar)
  if [ -z "$jar" ] || [ -n "$(find "$bench_home/src/main" "$bench_home/pom.xml" -newer "$jar" -print -quit)" ]; then
    (cd "$bench_root" && mvn -q -B -pl dist/bench -am package -DskipTests </dev/null >&2)
    jar=$(bench_jar)
  fi
  [ "$(nproc --all)" -ge 2 ] || { echo "a benchmark needs two cores: one for the proxy, one for load and backend" >&2; exit 70; }
  # The shipped sidecar is measured as it is now, unless another proxy takes its place.
  if [ -x "$bench_root/dist/bin/tenon" ] && [[ " $* " != *" --contestant-"* && " $* " != *" --help "* ]]; then
    "$bench_root/dist/bin/tenon" version </dev/null >&2 || echo "the distribution does not build: it will be missing" >&2
  fi
  # One benchmark at a time on a machine; the next one waits.
  exec 9>"${TMPDIR:-/tmp}/tenon-bench.lock"
  flock -n 9 || { echo "another benchmark runs; waiting for it" >&2; flock 9; }
  exec taskset -c 0 "$java" -XX:+UseSerialGC -Xmx256m -Dtenon.root="$bench_root" -cp "$jar:$(bench_cli)" dev.tenon.bench.run.Main "$@"
}

# The distribution's command and what it needs, to make another build of a module and to ask a process; nothing when it is not built.
bench_cli() {
  [ ! -d "$bench_root/dist/target/tenon/lib" ] || echo "$bench_root/dist/target/tenon/lib/*"
}

bench_jar() {
  [ -d "$bench_home/target" ] || return 0
  find "$bench_home/target" -maxdepth 1 -name 'tenon-bench-*.jar' 2>/dev/null | head -n 1
}
