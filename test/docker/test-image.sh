#!/usr/bin/env bash
# test-image.sh [STORAGE]: builds the image and runs it against a real BIND; prints its size and what memory it takes. As root. Not
# part of `npm test`: it fetches a Debian and a Node, some 150 MB. With STORAGE the images are kept there for the next time.
set -euo pipefail
for tool in buildah podman runc debootstrap named; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install --no-install-recommends buildah podman runc debootstrap, and npm run test:deps" >&2; exit 1; }
done
cd "$(dirname "$0")/../.."
storage="${1:-}"
if [ -z "$storage" ]; then
  storage="$(mktemp -d "${TMPDIR:-/tmp}/dns-failover-image.XXXXXX")"
  trap 'rm -rf "$storage"' EXIT
fi
mkdir -p "$storage"
storage="$(realpath "$storage")"
bash test/docker/build-image.sh "$storage"
IMAGE_STORAGE="$storage" npx vitest run --config test/docker/vitest.config.ts
