#!/usr/bin/env bash
# Stands in for Docker where there is none: does on this machine what docker/compose.service.yaml would have the image's
# commands do, and knows nothing but what README.md says. Run in the root of a repository; state and log in the folder run/.
set -euo pipefail
refuse() {
  echo "docker.sh: no such thing here: $*" >&2
  exit 125
}
[ "${1-}" = compose ] && [ "${COMPOSE_FILE-}" = docker/compose.service.yaml ] || refuse "$@"
verb="${2-}"
shift 2
root="$PWD"
grep -q '^  manager:$' "$COMPOSE_FILE"
entrypoint="$(sed -n 's/^ENTRYPOINT \["\(.*\)"\]$/\1/p' docker/Dockerfile)"
read -r -a command <<<"$(sed -n 's/^CMD \[\(.*\)\]$/\1/p' docker/Dockerfile | tr -d '",' | sed 's|/etc/dns-failover/||g')"
mkdir -p run

start() {
  (cd docker/config && exec "$entrypoint" "${command[@]}" >>"$root/run/log" 2>&1) &
  echo $! >run/pid
}
# A process that has ended may stay as a zombie, where nobody asks for it.
runs() { grep -q '^State:[^Z]*$' "/proc/$1/status" 2>/dev/null; }
stop() {
  [ -f run/pid ] || return 0
  local pid
  pid="$(cat run/pid)"
  kill "$pid" 2>/dev/null || true
  while runs "$pid"; do sleep 0.05; done
  rm run/pid
}
healthy() {
  for _ in $(seq 60); do
    (cd docker/config && dns-failover health --config dns-failover.yaml) >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  return 1
}

case "$verb $*" in
  'build ' | 'logs ') [ "$verb" = build ] || cat run/log ;;
  'up --detach --wait') start && healthy ;;
  'stop ') stop ;;
  'down --volumes') stop && rm -rf run/state ;;
  'kill --signal HUP manager') kill -HUP "$(cat run/pid)" ;;
  'run --rm manager '*) cd docker/config && exec "$entrypoint" "${@:3}" ;;
  'exec manager '*) [ -f run/pid ] && cd docker/config && exec "${@:2}" ;;
  *) refuse "$verb $*" ;;
esac
