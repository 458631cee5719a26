#!/usr/bin/env bash
# build-image.sh STORAGE: builds docker/Dockerfile as dns-failover:test into STORAGE, without a registry of images and without a
# Docker engine. As root, with buildah and debootstrap. A base that is in STORAGE already is used again.
set -euo pipefail
storage="$1"
cd "$(dirname "$0")/../.."
base="$(sed -n 's/^ARG BASE=//p' docker/Dockerfile)"
bash test/docker/make-base.sh "$storage" "$base"
buildah --root "$storage/root" --runroot "$storage/run" --storage-driver vfs bud --quiet --isolation chroot --network host --pull-never \
  --format docker --build-arg VERSION="$(node -p 'require("./package.json").version')" --file docker/Dockerfile --tag dns-failover:test . >&2
