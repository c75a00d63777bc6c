#!/usr/bin/env bash
# Makes the secrets of a cluster: an authority, one certificate for all of its processes, passwords, the cluster's own secret and
# the file of API keys. Writes FOLDER/secrets.yaml for kubectl apply; the rest of FOLDER, above all authority.p12, is for a safe.
# Usage: secrets.sh FOLDER API_KEYS_FILE
set -euo pipefail
umask 077
if [ $# -ne 2 ] || [ ! -f "$2" ]; then
  echo "secrets.sh FOLDER API_KEYS_FILE: a folder to write to, and a file of NAME:KEY lines (docs/api.md)" >&2
  exit 2
fi
keytool=${JAVA_HOME:+$JAVA_HOME/bin/}keytool
mkdir -p "$1"
keys=$(readlink -f "$2")
cd "$1"
if [ -e authority.p12 ]; then
  echo "secrets.sh: there is an authority in $1 already; give another folder" >&2
  exit 1
fi

random() { head -c 24 /dev/urandom | base64 -w 0 | tr '+/' '-_'; }
random > tls-password
random > ca-password
random > cluster-secret
names=dns:localhost,ip:127.0.0.1,dns:api,dns:api.alcove,dns:api.alcove.svc,dns:controller,dns:controller.alcove
names+=,dns:controller.alcove.svc,dns:*.worker.alcove.svc
ca=(-storetype PKCS12 -storepass:file ca-password)
tls=(-storetype PKCS12 -storepass:file tls-password)
{
  "$keytool" -genkeypair -alias ca -keyalg EC -groupname secp384r1 -dname "CN=Alcove cluster" -validity 3650 -ext bc:c \
    "${ca[@]}" -keystore authority.p12
  "$keytool" -exportcert -rfc -alias ca "${ca[@]}" -keystore authority.p12 > ca.pem
  "$keytool" -importcert -noprompt -alias ca -file ca.pem "${ca[@]}" -keystore ca.p12
  "$keytool" -genkeypair -alias node -keyalg EC -groupname secp256r1 -dname "CN=Alcove process" "${tls[@]}" -keystore node.p12
  "$keytool" -certreq -alias node "${tls[@]}" -keystore node.p12 \
    | "$keytool" -gencert -alias ca "${ca[@]}" -keystore authority.p12 -validity 365 -ext "san=$names" -rfc > node.pem
  "$keytool" -importcert -noprompt -alias ca -file ca.pem "${tls[@]}" -keystore node.p12
  "$keytool" -importcert -noprompt -alias node -file node.pem "${tls[@]}" -keystore node.p12
} 2> keytool.log || { cat keytool.log >&2; exit 1; }

# secret NAME KEY=FILE...
secret() {
  printf -- '---\napiVersion: v1\nkind: Secret\nmetadata: {name: %s, namespace: alcove}\ntype: Opaque\ndata:\n' "$1"
  local pair
  for pair in "${@:2}"; do
    printf '  %s: %s\n' "${pair%%=*}" "$(base64 -w 0 < "${pair#*=}")"
  done
}
{
  secret alcove-tls node.p12=node.p12 ca.p12=ca.p12
  secret alcove-passwords tls=tls-password ca=ca-password
  secret alcove-cluster secret=cluster-secret
  secret alcove-keys "api-keys=$keys"
} > secrets.yaml
echo "$PWD/secrets.yaml; clients trust $PWD/ca.pem"
