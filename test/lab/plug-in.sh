#!/bin/sh
# Run in the house: a cable from the router to a machine, and the machine's one address and way out.
set -eu
name="$1" pid="$2" address="$3" gateway="$4"
ip link delete "$name" 2>/dev/null || true
ip link add "$name" type veth peer name eth0 netns "$pid"
ip address add "$gateway/24" dev "$name"
ip link set "$name" up
nsenter --target "$pid" --net /bin/sh -c '
  set -eu
  ip link set lo up
  ip address add "$1/24" dev eth0
  ip link set eth0 up
  ip route add default via "$2"' sh "$address" "$gateway"
