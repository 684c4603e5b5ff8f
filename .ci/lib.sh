# The stages of .ci/run, their clean-up and the count of tests; sourced by it.

table=()
failed=0

# stage NAME SECONDS COMMAND...: runs a command or function in a session of its own, within a time.
stage() {
  local name=$1 limit=$2 start=$SECONDS code=0 verdict=ok
  shift 2
  printf '\n==== %s: %s\n' "$name" "$*"
  if [ "$(type -t "$1")" = function ]; then
    set -- bash -euo pipefail -c "$(declare -f "$1"); $1"
  fi
  setsid --wait timeout --kill-after=20 "$limit" "$@" &
  running=$!
  wait "$running" || code=$?
  running=
  [ "$code" = 0 ] || verdict="failed ($code)"
  [ "$code" != 124 ] || verdict="failed (over $limit s)"
  if ! wait_for_quiet; then
    verdict="failed (left processes behind)"
    end_leftovers
  fi
  [ "$verdict" = ok ] || failed=1
  table+=("$(printf '%-10s %5d s  %s' "$name" $((SECONDS - start)) "$verdict")")
}

# The process group of a process, or nothing when it is gone.
group_of() {
  local stat
  { read -r stat </proc/"$1"/stat; } 2>/dev/null || return 0
  set -- ${stat##*) }
  echo "$3"
}
own_group=$(group_of $$)

# The processes that carry the mark of this run; its own helpers, which share its group, left out.
marked() {
  local pid group
  for pid in $(grep -lsFx --null-data "TENON_CI_RUN=$TENON_CI_RUN" /proc/[0-9]*/environ | cut -d/ -f3); do
    group=$(group_of "$pid")
    [ -z "$group" ] || [ "$group" = "$own_group" ] || echo "$pid"
  done
}

wait_for_quiet() {
  local i
  for i in 1 2 3 4 5 6 7 8 9 10; do
    [ -n "$(marked)" ] || return 0
    sleep 0.5
  done
  echo "left behind:"
  for i in $(marked); do
    printf '%6s %s\n' "$i" "$(tr '\0' ' ' 2>/dev/null </proc/"$i"/cmdline | cut -c1-160)"
  done
  return 1
}

end_leftovers() {
  local pids
  pids=$(marked)
  [ -n "$pids" ] || return 0
  kill $pids 2>/dev/null || true
  sleep 2
  pids=$(marked)
  [ -z "$pids" ] || kill -9 $pids 2>/dev/null || true
}

# Surefire keeps old reports: each tier begins without any, and its own are put aside for the count.
drop_reports() {
  find . -path '*/target/surefire-reports' -prune -exec rm -rf {} +
}

keep_reports() {
  local file module
  mkdir -p "target/ci/reports/$1"
  while IFS= read -r file; do
    module=${file#./}
    module=${module%/target/surefire-reports/*}
    cp "$file" "target/ci/reports/$1/${module//\//_}-${file##*/}"
  done < <(find . -path '*/target/surefire-reports/TEST-*.xml')
}

# Prints the table of stages, the tests that passed only the second time, and, as the very last line, the count of tests of both tiers.
summary() {
  local tests errors failures skipped
  printf '\n==== %d s in all\n' "$SECONDS"
  printf '%s\n' "${table[@]}"
  read -r tests errors failures skipped < <(
    find target/ci/reports -name '*TEST-*.xml' -exec cat {} + 2>/dev/null | tr '\n' ' ' |
      grep -oE '<testsuite [^>]*>|<testcase ' | awk '
        function of(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : 0 }
        /^<testcase/ { t++; next }
        { e += of("errors"); f += of("failures"); s += of("skipped") }
        END { print t + 0, e + 0, f + 0, s + 0 }')
  grep -hoE '<testcase [^>]*>|<flaky(Failure|Error)' -r target/ci/reports --include='*TEST-*.xml' 2>/dev/null | awk '
    /^<testcase/ { test = $0; next }
    test != "" { match(test, / classname="[^"]*"/); class = substr(test, RSTART + 12, RLENGTH - 13)
                 match(test, / name="[^"]*"/); print "passed only when run once more: " class "." substr(test, RSTART + 7, RLENGTH - 8); test = "" }' || true
  [ "$tests" -gt 0 ] || { echo "no test ran"; failed=1; }
  [ $((errors + failures)) = 0 ] || failed=1
  printf '\n%d passed, %d failed, %d skipped\n' $((tests - errors - failures - skipped)) $((errors + failures)) "$skipped"
  return $failed
}
