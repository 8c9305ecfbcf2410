#!/bin/sh
# limits 5.8.0 (PyPI): a fixed window is used up by a request that it refuses.
#
# Guess, written down before it was run: a request of cost 6, refused because 5 are left, leaves the 5, with each of
#   the three strategies.
# Seen: so it is with the moving window and the sliding window counter. The fixed window counts first and compares
#   afterwards: nothing is left, and requests of cost 1 are refused until the window ends.
# What it means: who compares limiters by how many requests pass must compare with equal costs; and one caller with
#   one request that is too dear shuts out the rest of its own window. Shield asks all counters before it takes from
#   any (docs/decisions/0003): what is refused costs nothing.
#
# Needs python3, 3.9 or later, with venv and pip. Takes about 10 seconds. Exit code: 0 as seen, 1 it has changed, 77 it cannot be run here.
set -eu
export LC_ALL=C
if ! python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))' 2> /dev/null; then
  echo "needs python3, 3.9 or later, with venv and pip" >&2
  exit 77
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cat > "$dir/seen.py" << 'EOF'
import limits
from importlib.metadata import version
from limits import strategies
from limits.storage import MemoryStorage

print("limits", version("limits"))
for strategy in (
    strategies.FixedWindowRateLimiter,
    strategies.MovingWindowRateLimiter,
    strategies.SlidingWindowCounterRateLimiter,
):
    limiter, limit = strategy(MemoryStorage()), limits.parse("10/day")
    for _ in range(5):
        assert limiter.hit(limit, "caller")
    before = limiter.get_window_stats(limit, "caller").remaining
    dear = limiter.hit(limit, "caller", cost=6)
    after = limiter.get_window_stats(limit, "caller").remaining
    print(f"{strategy.__name__}: {before} left, cost 6 admitted: {dear}, {after} left,",
          f"cost 1 admitted: {limiter.hit(limit, 'caller')}")
EOF
cat > "$dir/expected" << 'EOF'
limits 5.8.0
FixedWindowRateLimiter: 5 left, cost 6 admitted: False, 0 left, cost 1 admitted: False
MovingWindowRateLimiter: 5 left, cost 6 admitted: False, 5 left, cost 1 admitted: True
SlidingWindowCounterRateLimiter: 5 left, cost 6 admitted: False, 5 left, cost 1 admitted: True
EOF
python3 -m venv "$dir/venv"
if ! "$dir/venv/bin/pip" install -q --disable-pip-version-check limits==5.8.0 > "$dir/log" 2>&1; then
  tail -n 5 "$dir/log" >&2
  echo "the packages cannot be fetched" >&2
  exit 77
fi
"$dir/venv/bin/python" "$dir/seen.py" > "$dir/actual" 2> "$dir/log" || { cat "$dir/actual"; tail -n 20 "$dir/log" >&2; exit 1; }
cat "$dir/actual"
if ! diff "$dir/expected" "$dir/actual" > "$dir/difference"; then
  echo "it has changed:" >&2
  cat "$dir/difference" >&2
  exit 1
fi
echo "as seen before"
