#!/usr/bin/env bash
# Lets strangers' SDKs work with `weizheng sandbox`, a process of its own on a port of its own: the Go part, then the Node
# part. WEIZHENG names a built binary (default: ../../bin/weizheng, built when missing); ONLY=go or ONLY=node runs one.
set -euo pipefail
cd "$(dirname "$0")"

binary=${WEIZHENG:-../../bin/weizheng}
if [ ! -x "$binary" ]; then
	(cd ../.. && CGO_ENABLED=0 go build -trimpath -o bin/weizheng ./cmd/weizheng)
fi
data=$(mktemp -d)
"$binary" sandbox --listen 127.0.0.1:0 --data "$data" >"$data/out" 2>"$data/log" &
sandbox=$!
trap 'kill "$sandbox" 2>/dev/null || true; wait "$sandbox" 2>/dev/null || true; rm -rf "$data"' EXIT

for _ in $(seq 100); do
	SANDBOX=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$data/out" | head -1) && break
	kill -0 "$sandbox" 2>/dev/null || { cat "$data/log" >&2; exit 1; }
	sleep 0.1
done
[ -n "${SANDBOX:-}" ] || { echo "the sandbox does not start" >&2; cat "$data/log" >&2; exit 1; }
export SANDBOX
echo "sandbox at $SANDBOX"

failed=0
if [ "${ONLY:-go}" = go ]; then
	go test -count=1 ./gosdk || failed=1
fi
if [ "${ONLY:-node}" = node ]; then
	[ -d nodesdk/node_modules ] || (cd nodesdk && npm ci --no-audit --no-fund --loglevel=error)
	(cd nodesdk && npm test --silent) || failed=1
fi
exit $failed
