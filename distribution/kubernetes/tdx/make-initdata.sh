#!/usr/bin/env bash
# Puts the digest of sealed.policy where it is named, and initdata.toml into the pods' annotation, initdata.yaml, and says the
# MRCONFIGID that quotes of such guests show.
set -euo pipefail
cd "$(dirname "$0")"
grep -q '^bundle ' sealed.policy || echo "make-initdata.sh: sealed.policy is a placeholder, and no process starts with it; fill it:" \
  "./alcove digest > distribution/kubernetes/tdx/sealed.policy" >&2
policy=$(sha256sum sealed.policy | cut -d ' ' -f 1)
sed -i "s/^sealed_policy := .*/sealed_policy := \"$policy\"/" initdata.toml
sed -i "/value: --sealed-sha256}/{n;s/value: .*}/value: $policy}/}" kustomization.yaml
{
  echo "# Made by make-initdata.sh from initdata.toml: gzip, then base64."
  echo "apiVersion: apps/v1"
  echo "kind: any"
  echo "metadata: {name: any}"
  echo "spec:"
  echo "  template:"
  echo "    metadata:"
  echo "      annotations:"
  echo "        io.katacontainers.config.hypervisor.cc_init_data: $(gzip -9 -n -c initdata.toml | base64 -w 0)"
} > initdata.yaml
echo "mr_config_id: $(sha384sum initdata.toml | cut -d ' ' -f 1)"
