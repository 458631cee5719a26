import { markerName, pullFile, pullUnit, sshConfigFile, stateFolder, takenName, takingName, temporaryName, termName } from './place.ts'
import { shellQuoted } from './quoting.ts'
import type { RenderedFile } from './rendered-file.ts'
import { aliasOf, heading, isLoneWriter, ownPaths, type Server } from './server.ts'

/** Two-way: what is newer there. Nothing is deleted, and nothing that is newer here is touched. */
const fromPeers = (server: Server): string =>
  server.sources
    .map((peer) => {
      const name = shellQuoted(aliasOf(peer))
      return `take ${name} --update && taken ${shellQuoted(peer)} || echo "nothing, or not all, could be taken from "${name}"; going on" >&2\n`
    })
    .join('')

/**
 * A receiver: the writer is right, so that what is newer here is replaced too. But those files may be edits of a former writer
 * that never got out: they are kept aside.
 */
const fromWriter = (writer: string): string => {
  const name = shellQuoted(aliasOf(writer))
  return `case \${1:-} in
  '')
    take ${name} --update && take ${name} --backup --backup-dir="$state/replaced" && taken ${shellQuoted(writer)} || {
      echo "nothing, or not all, could be taken from "${name}"; it sends by itself once it is there, if this server's name leads here." >&2
      echo "If that leads elsewhere still: systemctl restart ${pullUnit}, once it knows this server's key" >&2
    }
    ;;
  exact)
    # By hand only: deletes here what is not at the writer. Without "yes" it only tells what that would be.
    rsync --list-only --rsh="$ssh" ${name}:/${markerName} >/dev/null || { echo ${name}" has no ${markerName}: nothing is deleted by what it has" >&2; exit 78; }
    dry=--dry-run
    if [ "\${2:-}" = yes ]; then dry=--verbose; fi
    take ${name} --delete --backup --backup-dir="$state/replaced" --itemize-changes "$dry"
    ;;
  *)
    echo "usage: pull [exact [yes]]" >&2
    exit 64
    ;;
esac
`
}

/** The writer: another that began to write later, as far as anybody knows whom it reaches, has succeeded it. */
const beforeWriting = ({ targets }: Server): string => `{ read -r own <"$state/${termName}"; } 2>/dev/null || own=0
${targets
  .map((peer) => {
    const name = shellQuoted(aliasOf(peer))
    return `asked ${shellQuoted(peer)} "$($ssh ${name} term </dev/null 2>/dev/null)"\n`
  })
  .join('')}[ "$own" = "$(cat "$state/${termName}" 2>/dev/null)" ] || echo "$own" >"$state/${termName}"
`

const succeeded = (region: string): string => `asked() {
  term=\${2%% *}
  case $term in '' | *[!0-9]*) return ;; esac
  [ "$term" -gt "$own" ] || return
  if [ "\${2#* }" = ${shellQuoted(region)} ]; then
    own=$term
    return
  fi
  echo "region \${2#* } has become the writer, says the server of $1. Nothing is sent from here; render the files for this region again," >&2
  echo "with the config as it is now, and install them" >&2
  exit 78
}
`

/** What is done before anything is sent. A peer that is not there keeps nobody waiting for more than a few seconds. */
export const pullScript = (server: Server): RenderedFile => {
  const { root, heartbeat, mode } = server.replication
  const isAlone = isLoneWriter(server)
  const about = isAlone ? 'Makes sure that this is still the writer, before it sends.' : 'Takes what the others have. Deletes nothing.'
  const act = isAlone ? beforeWriting(server) : mode === 'two-way' ? fromPeers(server) : fromWriter(server.replication.writer)
  return {
    path: pullFile,
    mode: 0o755,
    about: isAlone ? 'makes sure that this is still the writer' : 'takes what the others have',
    text: `#!/bin/sh
${heading(server, about, pullFile)}
set -u
root=${shellQuoted(root)}
state=\${STATE_DIRECTORY:-${stateFolder}}
ssh='/usr/bin/ssh -F ${sshConfigFile}'

if ! [ -f "$root/${markerName}" ]; then
  echo "there is no ${markerName} in $root: this is not the document root that was set up; is its disk mounted? Nothing is sent or" >&2
  echo "taken. If it is new on purpose: install.sh --new-root" >&2
  exit 78
fi
mkdir -p -m 700 "$root/${temporaryName}" || exit 1
mkdir -p ${shellQuoted(`${root}${heartbeat.path}`)} || exit 1

${isAlone ? succeeded(server.region) : `# Heartbeats stay out of it: one that came before the content would say that the content is there.
take() {
  peer=$1
  shift
  rsync --archive --no-owner --no-group --compress --timeout=60 --temp-dir="$root/${temporaryName}" --rsh="$ssh" \\
    ${ownPaths(server.replication).map((path) => `--exclude=${shellQuoted(path)}`).join(' ')} "$@" "$peer:/" "$root/"
}
# From now on, until the machine starts again, heartbeats of this peer are believed: all that it has is here.
taken() { mkdir -p "$state/${takenName}" && cat /proc/sys/kernel/random/boot_id >"$state/${takenName}/$1"; }
# One at a time; and who sends meanwhile is told to wait.
exec 9>"$state/${takingName}" && flock 9 || exit 1
`}
${act}exit 0
`,
  }
}
