#!/usr/bin/env bash
# make-base.sh STORAGE NAME: an image under the Dockerfile's own base NAME (node:VERSION-SUITE-slim), put together without a
# registry of images: a minimal Debian, the node of that version from npm, npm itself and a user 1000.
set -euo pipefail
storage="$1" name="$2"
tag="${name#*:}"
version="${tag%%-*}" rest="${tag#*-}"
suite="${rest%-slim}"

if buildah --root "$storage/root" --runroot "$storage/run" --storage-driver vfs inspect --type image "$name" >/dev/null 2>&1; then exit 0; fi

work="$(mktemp -d "${TMPDIR:-/tmp}/dns-failover-base.XXXXXX")"
trap 'rm -rf "$work"' EXIT
debootstrap --variant=minbase --include=ca-certificates,libstdc++6 "$suite" "$work/root" >"$work/debootstrap.log" 2>&1 || { tail -20 "$work/debootstrap.log" >&2; exit 1; }
rm -rf "$work"/root/var/cache/apt/* "$work"/root/var/lib/apt/lists/* "$work"/root/usr/share/{doc,man,locale}/*

npm install --silent --no-progress --no-save --prefix "$work/npm" "node-linux-$(node -p process.arch)@$version" npm@11
install -m 755 "$work"/npm/node_modules/node-linux-*/bin/node "$work/root/usr/local/bin/node"
mkdir -p "$work/root/usr/local/lib/node_modules"
cp -a "$work/npm/node_modules/npm" "$work/root/usr/local/lib/node_modules/npm"
for tool in npm npx; do ln -s "../lib/node_modules/npm/bin/$tool-cli.js" "$work/root/usr/local/bin/$tool"; done
echo 'node:x:1000:' >>"$work/root/etc/group"
echo 'node:x:1000:1000::/home/node:/bin/bash' >>"$work/root/etc/passwd"
install -d -o 1000 -g 1000 "$work/root/home/node"

# What this machine trusts, the build inside must trust too.
bundle=/etc/ssl/certs/ca-certificates.crt
cp "$bundle" "$work/root$bundle"

storage_options=(--root "$storage/root" --runroot "$storage/run" --storage-driver vfs)
container="$(buildah "${storage_options[@]}" from scratch)"
buildah "${storage_options[@]}" add --quiet "$container" "$work/root" / >/dev/null
buildah "${storage_options[@]}" config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  --env NODE_EXTRA_CA_CERTS="$bundle" --cmd '["node"]' "$container"
buildah "${storage_options[@]}" commit --quiet --rm "$container" "$name" >/dev/null
