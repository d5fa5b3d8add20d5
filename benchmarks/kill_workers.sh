#!/bin/sh
# Kills a random worker of a training at random moments, again and again, and starts the same
# command anew each time. In the end the weights must be those of a run that nobody killed, bit for
# bit; no worker may outlive another by more than some seconds. Every other kill waits for the first
# step; the others may come while the workers start.
#
#   benchmarks/kill_workers.sh MODEL CORPUS [KILLS] [WORKERS]
#
# MODEL is a small model folder, CORPUS has at least 64 documents. CONDENSER names another launcher.
set -eu

model=$1
corpus=$2
kills=${3:-20}
workers=${4:-2}
condenser=${CONDENSER:-$(dirname "$0")/../condenser}
longest_seconds=${LONGEST_SECONDS:-10}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

train() {
  exec "$condenser" pretrain --model "$model" --corpus "$corpus" --out "$1" --fresh-head \
    --head-warmup-steps 5 --head-layers 1 --batch 16 --epochs "${EPOCHS:-12}" --span-length 32 \
    --precision fp32 --checkpoint-every 10 --workers "$workers"
}

random() { # below $1
  echo $(($(od -An -N4 -tu4 /dev/urandom) % $1))
}

fail() {
  echo "kill_workers: $*" >&2
  exit 1
}

alive() { # of the process ids given
  for process in "$@"; do
    if kill -0 "$process" 2>/dev/null; then
      echo "$process"
    fi
  done
}

(train "$work/whole") >"$work/whole.log" 2>&1 || fail "the whole run failed: $(cat "$work/whole.log")"

killed=0
while [ "$killed" -lt "$kills" ]; do
  touch "$work/started"
  (train "$work/killed") >"$work/killed.log" 2>&1 &
  first=$!
  while [ $((killed % 2)) -eq 0 ] && [ -n "$(alive "$first")" ] &&
    ! [ "$work/killed-training/metrics.jsonl" -nt "$work/started" ]; do
    sleep 0.2
  done
  sleep "$((1 + $(random "$longest_seconds")))"
  others=$(pgrep -P "$first" || true)
  # shellcheck disable=SC2086 # several process ids in one variable
  set -- $first $others
  shift "$(random $#)"
  victim=$1
  if ! kill -9 "$victim" 2>/dev/null; then
    wait "$first" || fail "a run that nobody killed failed: $(cat "$work/killed.log")"
    cmp "$work/whole/model.safetensors" "$work/killed/model.safetensors" || fail "other weights"
    rm -rf "$work/killed" "$work/killed-training"
    continue
  fi
  killed=$((killed + 1))
  start=$(date +%s)
  status=0
  wait "$first" || status=$?
  # shellcheck disable=SC2086
  while [ -n "$(alive $others)" ]; do
    [ $(($(date +%s) - start)) -lt 30 ] || fail "workers live on: $(alive $others)"
    sleep 0.2
  done
  [ "$status" -ne 0 ] || fail "status 0 although $victim was killed"
  printf 'kill %d of %d: %s, at %s; all ended after %d s with status %d: %s\n' "$killed" "$kills" \
    "$([ "$victim" = "$first" ] && echo 'the first worker' || echo 'another worker')" \
    "$(ls "$work/killed-training" 2>/dev/null | grep checkpoint || echo 'no checkpoint')" \
    "$(($(date +%s) - start))" "$status" "$(grep '^condenser:' "$work/killed.log" || true)"
done
(train "$work/killed") >"$work/killed.log" 2>&1 || fail "the last run failed: $(cat "$work/killed.log")"
for file in model.safetensors condenser_head.safetensors; do
  cmp "$work/whole/$file" "$work/killed/$file" || fail "$file differs"
done
echo "after $killed kills: the weights of the run that nobody killed"
