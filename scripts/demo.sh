#!/usr/bin/env bash
# The whole way of a paper, on a sample archive with known truth. Safe to repeat.
set -euo pipefail
cd "$(dirname "$0")/.."
hoso=.venv/bin/hoso
samples=${HOSO_DEMO_DIR:-demo}
count=${HOSO_DEMO_COUNT:-40}
batch=demo

$hoso up
[ -e "$samples/truth.jsonl" ] || $hoso samples make --out "$samples" --count "$count" --seed 2026
$hoso population import "$samples/population.csv" --source "sample population"
$hoso digitize "$samples/scans" --batch "$batch" --wait
$hoso certify --batch "$batch" --wait
$hoso status --batch "$batch" --logins
