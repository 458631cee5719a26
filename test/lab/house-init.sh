#!/bin/sh
# The house in which all machines of the lab stand: the first process of the lab's own pid, network and mount namespaces.
# Whatever the lab starts is below it, so that ending this one process ends all of it, mounts and networks too.
# Its network namespace is the router between the machines.
set -eu
state="$1"
mount -t proc proc /proc
ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward
# Only seen in here: the machines' discs, which outlive a machine's power cut but not the lab.
mount -t tmpfs -o mode=755 discs "$state/discs"
: >"$state/house-stands"
while :; do
  sleep 3600 &
  wait
done
