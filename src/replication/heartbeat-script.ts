import { heartbeatFile, markerName, stateFolder, temporaryName, termName, tickName, ticksName } from './place.ts'
import { shellQuoted } from './quoting.ts'
import type { RenderedFile } from './rendered-file.ts'
import { heading, isLoneWriter, type Server } from './server.ts'

/**
 * The writer's sign of life. The counter grows over restarts, and begins by the clock where it was lost: later than any that
 * was counted. The content's id is of names, types, sizes and times, not of what is in the files: that would read them all.
 */
export const heartbeatScript = (server: Server): RenderedFile => {
  const { root, heartbeat } = server.replication
  return {
    path: heartbeatFile,
    mode: 0o755,
    about: 'writes the heartbeat',
    text: `#!/bin/sh
${heading(server, `Writes ${server.region}'s heartbeat into the document root every ${heartbeat.everyMs / 1000} s.`, heartbeatFile)}
set -u
export LC_ALL=C
root=${shellQuoted(root)}
folder=${shellQuoted(`${root}${heartbeat.path}`)}
region=${shellQuoted(server.region)}
every=${heartbeat.everyMs / 1000}
state=\${STATE_DIRECTORY:-${stateFolder}}
temporary="$root/${temporaryName}/heartbeat.$region"

content() {
  cd "$root" || return
  find . -mindepth 1 \\( -path ${shellQuoted(`.${heartbeat.path}`)} -o -path ./${temporaryName} -o -path ./${markerName} \\) -prune -o \\
    \\( -type d -printf '%p/ %m\\0' \\) -o -printf '%p %y %s %T@ %m %l\\0' | sort -z | sha256sum | cut -c 1-32
}

# The heartbeats as they are now, and then a file by whose name lsyncd is told of them: it hears of everything in the order in
# which it happened, so that whatever they speak of was sent once this is.
tick() {
  rm -rf "$state/${ticksName}/new" && mkdir -p "$state/${ticksName}/new" && cp "$folder"/*.json "$state/${ticksName}/new/" &&
    mv "$state/${ticksName}/new" "$state/${ticksName}/$counter" && : >"$folder/${tickName}$counter" || return
  find "$folder" -maxdepth 1 -name '${tickName}*' ! -name "${tickName}$counter" -delete
  find "$state/${ticksName}" -mindepth 1 -maxdepth 1 -type d -printf '%f\\n' | sort -n | head -n -20 | while read -r old; do rm -rf "$state/${ticksName}/$old"; done
}

read -r boot </proc/sys/kernel/random/boot_id
counter=
if [ -r "$state/counter" ]; then read -r counter <"$state/counter"; fi
case $counter in '' | *[!0-9]*) counter=$(date +%s) ;; esac
rm -rf "$state/${ticksName}"

# A document root without its marker is another one: an empty directory where a disk should be mounted.
while [ -f "$root/${markerName}" ]; do
  begun=$(date +%s)
  counter=$((counter + 1))
  if echo "$counter" >"$state/counter.new" && mv "$state/counter.new" "$state/counter" &&
    mkdir -p "$folder" &&
    printf '{"version":1,"region":"%s","counter":%s,"boot":"%s","writtenAt":"%s","content":"%s"${isLoneWriter(server) ? ',"term":%s' : ''}}\\n' \\
      "$region" "$counter" "$boot" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(content)"${isLoneWriter(server) ? ` "$(cat "$state/${termName}" 2>/dev/null || echo 0)"` : ''} >"$temporary"; then
    mv "$temporary" "$folder/$region.json" && tick || echo "the heartbeat could not be handed on" >&2
  else
    echo "the heartbeat could not be written" >&2
  fi
  # A clock that is put back must not make this wait.
  left=$((begun + every - $(date +%s)))
  if [ "$left" -lt 1 ] || [ "$left" -gt "$every" ]; then left=1; fi
  sleep "$left"
done
echo "there is no ${markerName} in $root: this is not the document root that was set up; is its disk mounted?" >&2
exit 78
`,
  }
}
