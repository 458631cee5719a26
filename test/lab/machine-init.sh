#!/bin/sh
# The first process of one machine: its disc, its host name, then nothing but to hold its namespaces and reap.
set -eu
state="$1"
name="$2"
folder="$state/machines/$name"
disc="$state/discs/$name"
# By the house's /proc: the number under which the house knows this process.
read -r pid _ </proc/self/stat
hostname "$name"

# The system is the real one's, and what is changed in it stays on this machine's own disc.
for top in etc var usr/local home root opt srv tmp; do
  [ -d "/$top" ] || continue
  mkdir -p "$disc/$top/upper" "$disc/$top/work"
  chmod --reference="/$top" "$disc/$top/upper"
  mount -t overlay overlay -o "lowerdir=/$top,upperdir=$disc/$top/upper,workdir=$disc/$top/work" "/$top"
done
mount -t tmpfs -o mode=1777 shm /dev/shm

# A boot begins with an empty /run; the machine's own folder of the lab stands in it.
mount -t tmpfs -o mode=755 run /mnt
mkdir -p /mnt/lab /mnt/lock
chmod 1777 /mnt/lock
mount --bind "$folder" /mnt/lab
mount --no-mtab --move /mnt /run
mount -t proc proc /proc

echo "$pid" >/run/lab/pid.new
mv /run/lab/pid.new /run/lab/pid
while :; do
  sleep 3600 &
  wait
done
