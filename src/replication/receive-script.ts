import { heartbeatsOn } from '../core/replication.ts'
import { exitIncomplete, exitTaking, markerName, receiveFile, stateFolder, takenName, takingName, temporaryName, termName } from './place.ts'
import { shellQuoted } from './quoting.ts'
import type { RenderedFile } from './rendered-file.ts'
import { heading, isLoneWriter, type Server } from './server.ts'

const senders = (server: Server): string =>
  server.grants
    .filter(({ right }) => right !== 'read')
    .map(({ region }) => `  ${shellQuoted(region)}) carried=${shellQuoted(` ${heartbeatsOn(server.replication, { from: region, to: server.region }).join(' ')} `)} ;;\n`)
    .join('')

/**
 * What sshd runs for a peer's key: rrsync, which restricts it to the document root, and besides the taking of heartbeats. One is
 * taken from a peer only once all that this peer has was taken over, in this start of the machine: what was sent before to an
 * older copy of this disk, or to another server, may be missing here.
 */
export const receiveScript = (server: Server): RenderedFile => {
  const { root, heartbeat } = server.replication
  return {
    path: receiveFile,
    mode: 0o755,
    about: "what the other servers' keys open: rsync into the document root, and heartbeats",
    text: `#!/bin/sh
${heading(server, "What sshd runs for another server's key, and nothing else: receive REGION [OPTION OF RRSYNC]...", receiveFile)}
set -u
export LC_ALL=C
root=${shellQuoted(root)}
folder=${shellQuoted(`${root}${heartbeat.path}`)}
state=${stateFolder}
peer=$1
shift
# Whose heartbeats the peer brings; none of one that may only read.
carried=
case $peer in
${senders(server)}  *) ;;
esac
asked=\${SSH_ORIGINAL_COMMAND:-}

case $asked in
  'rsync --server --sender '* | term) ;;
  *)
    if ! [ -f "$root/${markerName}" ]; then
      echo "there is no ${markerName} in $root on ${server.region}: is its disk mounted? Nothing is taken" >&2
      exit 78
    fi
    ;;
esac
read -r boot </proc/sys/kernel/random/boot_id

if [ -z "$carried" ] && [ "$asked" != term ]; then asked=; fi
case $asked in
  term)
    # Which writership is the latest that is known here, and whose.
    {
      ${isLoneWriter(server) ? `printf '%s %s\\n' "$(cat "$state/${termName}" 2>/dev/null || echo 0)" ${shellQuoted(server.region)}` : ':'}
      cat "$folder"/*.json 2>/dev/null | sed -n 's/^{"version":1,"region":"\\([^"]*\\)",.*"term":\\([0-9][0-9]*\\)}$/\\2 \\1/p'
    } | sort -n | tail -n 1
    ;;
  complete)
    mkdir -p "$state/${takenName}" && echo "$boot" >"$state/${takenName}/$peer"
    ;;
  heartbeats)
    taken=
    if [ -r "$state/${takenName}/$peer" ]; then read -r taken <"$state/${takenName}/$peer"; fi
    if [ "$taken" != "$boot" ]; then
      flock --nonblock "$state/${takingName}" true || exit ${exitTaking}
      exit ${exitIncomplete}
    fi
    head -c 65536 | while read -r line; do
      region=$(printf '%s\\n' "$line" | sed -n 's/^{"version":1,"region":"\\([^"]*\\)",.*}$/\\1/p')
      case $carried in *" $region "*) ;; *) continue ;; esac
      temporary="$root/${temporaryName}/heartbeat.$peer.$region"
      printf '%s\\n' "$line" >"$temporary" && mv "$temporary" "$folder/$region.json" || exit 1
    done
    ;;
  *)
    exec /usr/bin/rrsync "$@" "$root"
    ;;
esac
`,
  }
}
