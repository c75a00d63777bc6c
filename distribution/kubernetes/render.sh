#!/usr/bin/env bash
# Renders the overlays into rendered/, where the tests read them and kubectl apply -f takes them. Needs kubectl, but no cluster.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p rendered
for overlay in base dev podman tdx tdx-sealed; do
  kubectl kustomize "$overlay" > "rendered/$overlay.yaml.part"
  mv "rendered/$overlay.yaml.part" "rendered/$overlay.yaml"
done
# Where there is no kubectl the tests tell by this that nobody forgot to render.
find base dev podman tdx tdx-sealed -type f | LC_ALL=C sort | xargs sha256sum > rendered/sources.sha256
