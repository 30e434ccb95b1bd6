#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A Hub that speaks HTTP/2, as the real one does: nghttpx before the stand-in. Its log says in which protocol it was asked.
# shellcheck source=stage.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/stage.bash"

if ! command -v nghttpx >/dev/null; then
  part_skipped 'nghttpx is not installed'
  stage_end 'http2'
  exit
fi

token_of alice >"$scratch/alice"
start_hub --https
log=$scratch/nghttpx.log
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# shellcheck disable=SC2016 # the dollars are nghttpx's
nghttpx --conf=/dev/null "--frontend=127.0.0.1,$port" "--backend=127.0.0.1,${endpoint##*:};;tls;proto=http/1.1" --insecure \
  "--accesslog-file=$log" '--accesslog-format=$request $status $ssl_protocol $remote_port' --workers=1 \
  "$scratch/hub/good.key" "$scratch/hub/good.pem" 2>"$scratch/nghttpx.err" &
front=$!
until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
  kill -0 "$front" 2>/dev/null || broken "nghttpx did not start: $(cat "$scratch/nghttpx.err")"
done
stage_environment+=("HF_ENDPOINT=https://localhost:$port" "SSL_CERT_FILE=$scratch/hub/ca.pem")

step 'Questions'
run hfauth login --token-stdin <"$scratch/alice"
expect_status 0
expect_out 'Logged in as alice'
run hfauth whoami --fresh
expect_status 0
run hfauth doctor
expect_status 0
run hfauth download org/absent
expect_status 1

step 'Many files at once over few connections'
run hfauth download bulk/many-300-2K
expect_status 0
expect_that [ "$(find "$scratch/home/.cache/huggingface/hub/models--bulk--many-300-2K/snapshots/" -name '*.bin' | wc -l)" = 300 ]
run hfauth cache verify bulk/many-300-2K
expect_status 0

step 'What was spoken'
kill -QUIT "$front"  # ends when every connection has, and its log is whole
wait "$front" || true
expect_that [ "$(grep -c 'HTTP/2' "$log")" -gt 300 ]
expect_that [ "$(grep -c '/whoami-v2 ' "$log")" -ge 2 ]
expect_that [ "$(grep -c 'HTTP/1' "$log")" = 0 ]
n_connections=$(awk '/many-300-2K/ && /resolve/ { print $NF }' "$log" | sort -u | wc -l)
expect_that [ "$n_connections" -le 2 ]

stage_end 'http2'
