#!/usr/bin/env bash
# Tries the image as it is meant to run: made twice and the same; all in one process; and as a cluster of a controller, an API
# process and two workers, from the rendered manifests by podman kube play, with a sealed model whose key each worker fetches from a
# stand-in for the Confidential Data Hub in its pod, and where a worker is killed and another one stopped in the middle of answers. Needs root and, of Debian 12: podman runc netavark aardvark-dns catatonit uidmap iptables busybox-static curl.
# Where podman cannot run containers it says SKIPPED and ends with 0.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
cluster=$root/distribution/kubernetes/rendered/podman.yaml
java=(/opt/java/bin/java -jar /opt/alcove/lib/launcher.jar)
key=a-key-of-this-trial
# The addresses that distribution/kubernetes/podman gives to its pods, in the order of the manifests.
addresses=(--ip 10.89.77.14 --ip 10.89.77.11 --ip 10.89.77.12 --ip 10.89.77.13)
exec 3>&1

say() { echo "try: $*" >&3; }
skip() { say "SKIPPED: the image was not tried: $*"; exit 0; }
fail() { say "FAILED: $*"; exit 1; }

# Everything of podman's lies in the folder of this trial. runc, because crun refuses machines with both versions of cgroups;
# ulimits, because a machine may not let its root raise them as podman would.
pod() { CONTAINERS_CONF=$work/containers.conf podman --root "$work/root" --runroot "$work/run" "$@" 2>> "$work/podman.log"; }

cleanup() {
  local status=$?
  if [ $status != 0 ] && [ -f "$work/podman.log" ]; then
    for name in $(pod ps -a --format '{{.Names}}'); do
      echo "---- $name"
      CONTAINERS_CONF=$work/containers.conf podman --root "$work/root" --runroot "$work/run" logs --tail 25 "$name" 2>&1 || true
    done >&3
    tail -n 20 "$work/podman.log" >&3
  fi
  pod pod rm -fa > /dev/null || true
  pod rm -fa > /dev/null || true
  pod network rm alcove-try > /dev/null || true
  umount "$work/root/overlay" 2> /dev/null || true
  rm -rf "$work"
}

# await SECONDS WHAT COMMAND...: asks once a second until it says yes.
await() {
  local left=$1 what=$2
  until "${@:3}"; do
    left=$((left - 1))
    [ $left -gt 0 ] || fail "$what did not come in $1 s"
    sleep 1
  done
}

prepare() {
  [ "$(id -u)" = 0 ] || skip "it needs root"
  local program
  for program in podman runc curl busybox nsenter jq; do
    command -v $program > /dev/null || skip "there is no $program"
  done
  trap cleanup EXIT
  printf '[containers]\ndefault_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]\n' > "$work/containers.conf"
  printf '[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\nruntime = "runc"\n' >> "$work/containers.conf"
  # The stand-in for the Confidential Data Hub: a web server with one resource, and the proof that containers run here at all.
  mkdir -p "$work/hub/bin" "$work/hub/www/cdh/resource/default/alcove"
  cp "$(command -v busybox)" "$work/hub/bin/busybox"
  head -c 32 /dev/urandom > "$work/hub/www/cdh/resource/default/alcove/model-key"
  chmod -R a+rX "$work/hub"
  tar -C "$work/hub" -c . | pod import -c 'ENTRYPOINT ["/bin/busybox"]' -c 'USER 10001' - alcove-data-hub:0.1.0 > /dev/null \
    || skip "podman cannot import an image: $(tail -n 1 "$work/podman.log")"
  pod run --rm --network none --read-only --memory 32m alcove-data-hub:0.1.0 true \
    || skip "podman cannot run containers here: $(tail -n 1 "$work/podman.log")"
  pod network create --subnet 10.89.77.0/24 alcove-try > /dev/null || skip "podman cannot make a network here"
}

# A machine that cannot reach Debian's archive is no fault of the image.
no_image() {
  ! grep -q "cannot be had" "$work/build.log" || skip "Debian's packages for it cannot be downloaded here"
  fail "there is no image"
}

make_image() {
  local first second
  first=$("$root/alcove" image --current-packages --work "$work/first" --out "$work/first.tar" 2> "$work/build.log") \
    || { cat "$work/build.log" >&3; no_image; }
  second=$("$root/alcove" image --current-packages --work "$work/second" --out "$work/second.tar" 2> /dev/null)
  [ "${first##*, }" = "${second##*, }" ] || fail "two images differ: ${first##*, } and ${second##*, }"
  cmp "$work/first.tar" "$work/second.tar" || fail "two archives differ"
  say "made twice, the same: ${first#*: }"
  pod load -i "$work/first.tar" > /dev/null
  rm -rf "$work/first" "$work/second" "$work/second.tar"
}

body() { printf '{"model": "%s", "messages": [{"role": "user", "content": "What is Alcove?"}], "temperature": 0%s}' "$1" "${2:-}"; }

all_in_one() {
  mkdir -p "$work/models"
  cp "$root"/distribution/demo-model/*.gguf "$work/models/model.gguf"
  chmod -R a+rX "$work/models"
  pod run -d --name one --network none --read-only --cap-drop all --security-opt no-new-privileges --memory 768m \
    -v "$work/models:/models:ro" alcove:0.1.0 all --model /models/model.gguf > /dev/null
  await 180 "the server of one process" pod exec one "${java[@]}" health http://127.0.0.1:8080/readyz
  local inside
  inside=$(pod inspect -f '{{.State.Pid}}' one)
  answer=$(nsenter -t "$inside" -n curl -sf http://127.0.0.1:8080/v1/chat/completions -H 'Content-Type: application/json' \
    -d "$(body model)" | jq -r '.choices[0].message.content')
  [ -n "$answer" ] || fail "the server of one process answers nothing"
  ! pod exec one /bin/sh -c true > /dev/null || fail "there is a shell in the image"
  within_limit one
  pod rm -f one > /dev/null
  say "all in one, without a network, read-only, as nobody: $answer"
}

# Its memory never came to its limit, and nothing in it was killed for want of memory.
within_limit() {
  local group most limit
  [ "$(pod inspect -f '{{.State.OOMKilled}}' "$1")" = false ] || fail "$1 was killed for want of memory"
  limit=$(pod inspect -f '{{.HostConfig.Memory}}' "$1")
  group=$(pod inspect -f '{{.State.CgroupPath}}' "$1")
  most=$(cat "/sys/fs/cgroup/memory$group/memory.max_usage_in_bytes" "/sys/fs/cgroup$group/memory.peak" 2> /dev/null | head -n 1 || true)
  [ -n "$most" ] || { say "NOTE: how much memory $1 used at most is not to be had here"; return; }
  [ "$most" -lt "$limit" ] || fail "$1 used $most bytes of memory, and its limit is $limit"
  say "$1 used at most $((most / 1048576)) of $((limit / 1048576)) MiB"
}

# volume NAME KEY=FILE...
volume() {
  local folder=$work/volumes/$1 pair
  mkdir -p "$folder"
  for pair in "${@:2}"; do
    cp "${pair#*=}" "$folder/${pair%%=*}"
  done
  chmod -R a+rX "$folder"
  pod volume create "$1" > /dev/null
  tar -C "$folder" -c . | pod volume import "$1" -
}

# Podman 4.3 hands files of secrets out in base64, and reads variables from a secret in a form of its own.
secrets() {
  local made=$work/secrets
  echo "trial:$key" > "$work/api-keys"
  "$root/distribution/kubernetes/secrets.sh" "$made" "$work/api-keys" > /dev/null
  volume alcove-tls "node.p12=$made/node.p12" "ca.p12=$made/ca.p12"
  volume alcove-cluster "secret=$made/cluster-secret"
  volume alcove-keys "api-keys=$work/api-keys"
  # Sealed by the key that the data hub in each worker's pod hands out; there is no plain model in the cluster.
  "$root/alcove" seal "$work/models/model.gguf" "$work/model.sealed" \
    --key "$work/hub/www/cdh/resource/default/alcove/model-key" > "$work/seal.log" 2>&1 || { cat "$work/seal.log" >&3; fail "no seal"; }
  volume models "model.sealed=$work/model.sealed"
  printf '{"tls": "%s", "ca": "%s"}' "$(base64 -w 0 "$made/tls-password")" "$(base64 -w 0 "$made/ca-password")" \
    | pod secret create alcove-passwords - > /dev/null
}

# ask NAME ADDRESS PORT PATH [CURL_FLAGS...]: over TLS, checking the name.
ask() {
  curl -sf --max-time 300 --cacert "$work/secrets/ca.pem" --resolve "$1.alcove.svc:$3:$2" "https://$1.alcove.svc:$3$4" "${@:5}"
}
chat() { ask api 10.89.77.14 8443 /v1/chat/completions -H "Authorization: Bearer $key" -H 'Content-Type: application/json' "$@"; }
figure() { ask controller 10.89.77.11 21001 /metrics | sed -n "s|^alcove:$1{.*$2.*} ||p"; }
ready() { [ "$(figure worker_state "state=\"ready\",worker=\"https://worker-$1\\.")" = 1.0 ]; }
answers() { chat -d "$(body model)" > /dev/null; }
busy() { [ "$(figure worker_queue_length "worker-$1\\." | cut -d . -f 1)" -gt 0 ]; }

# Six long answers; in their middle something happens to a worker that computes some of them. All must be whole, and the same.
survive() {
  local what=$1 worker=$2 i
  rm -f "$work"/answer-*
  local waiting=()
  for i in 1 2 3 4 5 6; do
    chat -d "$(body model ', "min_tokens": 160, "max_tokens": 200')" > "$work/answer-$i" & waiting+=($!)
  done
  await 60 "a request for worker $worker" busy "$worker"
  "${@:3}" > /dev/null
  for i in "${waiting[@]}"; do
    wait "$i" || fail "$what: a request was lost"
  done
  for i in 1 2 3 4 5 6; do
    [ "$(jq '.usage.completion_tokens >= 160' "$work/answer-$i")" = true ] || fail "$what: an answer was cut: $(cat "$work/answer-$i")"
    [ "$(jq .choices "$work/answer-$i")" = "$(jq .choices "$work/answer-1")" ] || fail "$what: an answer differs from the others"
  done
  say "$what: six answers of $(jq .usage.completion_tokens "$work/answer-1") tokens, whole and the same"
}

cluster() {
  secrets
  # Not where a file is called as the image is: podman would take it for what to build the image from.
  cd "$work"
  pod kube play --network alcove-try "${addresses[@]}" "$cluster" > /dev/null || fail "podman does not take the manifests"
  await 300 "worker 0" ready 0
  await 300 "worker 1" ready 1
  await 60 "an answer of the cluster" answers
  [ "$(chat -d "$(body model)" | jq -r '.choices[0].message.content')" = "$answer" ] \
    || fail "the cluster, by the sealed model, answers otherwise than one process by the plain one"
  say "the cluster answers the same by a sealed model"
  pod exec worker-0-pod-0-worker "${java[@]}" health http://127.0.0.1:8006/cdh/resource/default/alcove/model-key \
    || fail "the worker does not reach the data hub of its pod"
  ! pod exec api-pod-0-api "${java[@]}" health http://127.0.0.1:8006/cdh/resource/default/alcove/model-key \
    || fail "another pod reaches the data hub"
  survive "a worker was killed" 0 pod kill --signal KILL worker-0-pod-0-worker
  # Kubernetes starts it again by itself; podman thinks that who kills means it.
  pod start worker-0-pod-0-worker > /dev/null
  await 300 "the killed worker's return" ready 0
  survive "a worker was stopped" 1 pod stop -t 45 worker-1-pod-0-worker
  for name in controller-pod-0-controller api-pod-0-api worker-0-pod-0-worker; do
    within_limit "$name"
  done
}

prepare
make_image
all_in_one
cluster
say "all is well"
