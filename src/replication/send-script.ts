import { heartbeatsOn } from '../core/replication.ts'
import { exitIncomplete, exitTaking, sendFile, sshConfigFile, stateFolder, ticksName, tickName } from './place.ts'
import { shellQuoted } from './quoting.ts'
import type { RenderedFile } from './rendered-file.ts'
import { aliasOf, heading, type Server } from './server.ts'

const targets = (server: Server): string =>
  server.targets
    .map((target) => {
      const carried = heartbeatsOn(server.replication, { from: server.region, to: target })
      return `  ${shellQuoted(`${aliasOf(target)}:/`)}) beats() { for region in ${carried.map(shellQuoted).join(' ')}; do "$@"; done; } ;;\n`
    })
    .join('')

/**
 * What lsyncd runs in rsync's place. A heartbeat says what content there was, so it must not arrive before that: it is taken as
 * it was at a tick that lsyncd has seen, with which lsyncd has seen all that was changed before, and it goes out once rsync has
 * sent all of it. Within one rsync there is no such order: it reads each file when its turn comes.
 */
export const sendScript = (server: Server): RenderedFile => {
  const { root, heartbeat } = server.replication
  const folder = heartbeat.path
  const ticks = `${folder}/${tickName}`
  return {
    path: sendFile,
    mode: 0o755,
    about: 'sends content, and after it the heartbeats',
    text: `#!/bin/sh
${heading(server, 'What lsyncd runs in place of rsync: sends content, and then the heartbeats that were written before it.', sendFile)}
set -u
export LC_ALL=C
folder=${shellQuoted(`${root}${folder}`)}
state=\${STATE_DIRECTORY:-${stateFolder}}

target=
for target; do :; done
case $target in
${targets(server)}  *)
    echo "send: there is no target $target" >&2
    exit 1
    ;;
esac
peer=\${target%:/}
work="$state/sending/$peer"
mkdir -p "$work" || exit 1
# What lsyncd says on its input: which paths are to be sent; at its start, which are not.
cat >"$work/list" || exit 1
paths() { tr '\\0' '\\n' <"$work/list"; }
is_full=yes
for each; do case $each in --include-from=*) is_full=no ;; esac; done

# The heartbeats that will be true: at lsyncd's start those of now, later those of the latest tick that it names.
source=
if [ "$is_full" = yes ]; then
  source=$folder
else
  for tick in $(paths | sed -n ${shellQuoted(`s|^${ticks.replaceAll('.', String.raw`\.`)}\\([0-9][0-9]*\\)$|\\1|p`)} | sort -rn); do
    if [ -d "$state/${ticksName}/$tick" ]; then
      source="$state/${ticksName}/$tick"
      break
    fi
  done
fi
rm -f "$work"/*.json
keep() { if [ -f "$source/$region.json" ]; then cp "$source/$region.json" "$work/$region.json"; fi; }
if [ -n "$source" ]; then beats keep; fi

# 24: a file was deleted before its turn came. 23: something can never be sent, or not be written there. What lsyncd knows no
# better answer to than to end is tried again.
rsync_ended() {
  case $1 in
    0 | 24) return 0 ;;
    23) : >"$work/incomplete" ;;
    1 | 2 | 4 | 3 | 5 | 6 | 1[0-4] | 2[0-2] | 30 | 35 | 255) exit "$1" ;;
    *) exit 12 ;;
  esac
  return 1
}
ask() { /usr/bin/ssh -F ${sshConfigFile} "$peer" "$@"; }
complete() {
  rm -f "$work/incomplete" "$work/tried"
  ask complete </dev/null
}
print() { if [ -f "$work/$region.json" ]; then cat "$work/$region.json"; fi; }
beat() { beats print | ask heartbeats; }

# A tick alone is no content.
if [ "$is_full" = yes ] || paths | grep -qvxE ${shellQuoted(`/|${folder.replaceAll('.', String.raw`\.`)}/|${ticks.replaceAll('.', String.raw`\.`)}[0-9]+`)}; then
  /usr/bin/rsync "$@" <"$work/list"
  if rsync_ended $? && [ "$is_full" = yes ]; then complete; fi
fi
[ -n "$(beats print)" ] || exit 0

if ! [ -f "$work/incomplete" ]; then
  beat
  case $? in
    0 | ${exitTaking}) exit 0 ;;
    ${exitIncomplete}) ;;
    255) exit 255 ;;
    *)
      echo "send: $peer did not take the heartbeat" >&2
      exit 0
      ;;
  esac
fi

# It lacks something that lsyncd holds for sent. Then all is sent, without deletions, at most every two minutes.
[ -z "$(find "$work" -name tried -mmin -2)" ] || exit 0
for each; do
  shift
  case $each in
    --delete | --ignore-errors | --force | --from0 | --include-from=* | --exclude-from=* | '--exclude=*') ;;
    *) set -- "$@" "$each" ;;
  esac
done
/usr/bin/rsync "$@" </dev/null
if rsync_ended $?; then
  complete && beat
else
  echo "send: not all could be sent to $peer, see above: it gets no heartbeat until it has all" >&2
  : >"$work/tried"
fi
exit 0
`,
  }
}
