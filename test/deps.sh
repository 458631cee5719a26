#!/usr/bin/env bash
# Installs on Debian what the system tests and the lab need: real name servers and their tools, what replicates and serves,
# a browser, and prometheus for its promtool. No service is left running that did not run before. May be run again at any time.
# With `lab` also what the lab's other visitors need, with `bench` what the bench compares with.
set -euo pipefail

packages=(bind9 bind9-dnsutils knot knot-dnsutils openssl iproute2 systemd zsh fish prometheus unbound lsyncd rsync python3 openssh-server apache2 nginx-light chromium)
if [ "${1:-}" = lab ]; then packages+=(curl); fi
if [ "${1:-}" = bench ]; then packages+=(gdnsd pdns-server pdns-backend-bind haproxy prometheus-blackbox-exporter nftables); fi
services=(named bind9 knot prometheus unbound lsyncd rsync ssh apache2 nginx gdnsd pdns haproxy prometheus-blackbox-exporter nftables)

fail() {
  echo "test/deps.sh: $*" >&2
  exit 1
}

command -v apt-get >/dev/null || fail "this needs apt-get (Debian or Ubuntu); elsewhere install BIND 9 and Knot DNS with their tools by hand, without starting them"
[ "$(id -u)" -eq 0 ] || fail "installing packages needs root: sudo bash test/deps.sh"

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "test/deps.sh: all there already: ${packages[*]}"
  exit 0
fi

has_systemd() { [ -d /run/systemd/system ]; }
is_enabled() { command -v systemctl >/dev/null && systemctl is-enabled --quiet "$1" 2>/dev/null; }
is_running() { has_systemd && systemctl is-active --quiet "$1" 2>/dev/null; }

ran_before=" "
enabled_before=" "
for service in "${services[@]}"; do
  if is_running "$service"; then ran_before+="$service "; fi
  if is_enabled "$service"; then enabled_before+="$service "; fi
done

# While it is there, policy-rc.d tells the packages' scripts to start nothing (exit 101).
policy=/usr/sbin/policy-rc.d
saved=""
restore() {
  rm -f "$policy"
  if [ -n "$saved" ]; then mv "$saved" "$policy"; fi
}
if [ -e "$policy" ] || [ -L "$policy" ]; then
  saved="$(mktemp -u "$policy.saved.XXXXXX")"
  mv "$policy" "$saved"
fi
trap restore EXIT
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}"

# Neither now nor at the next boot: the tests start servers of their own.
for service in "${services[@]}"; do
  if is_running "$service" && [[ "$ran_before" != *" $service "* ]]; then systemctl stop "$service"; fi
  if is_enabled "$service" && [[ "$enabled_before" != *" $service "* ]]; then systemctl disable --quiet "$service"; fi
done
echo "test/deps.sh: installed ${missing[*]}; no services were started"
