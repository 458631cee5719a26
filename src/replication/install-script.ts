import {
  apacheFile,
  authorizedKeysFile,
  folder,
  heartbeatFile,
  heartbeatUnit,
  keyFile,
  lsyncdConfFile,
  logrotateFile,
  markerName,
  nginxFile,
  packagesOf,
  peersFolder,
  pullUnit,
  roleFile,
  sendFile,
  sendUnit,
  sshConfigFile,
  stateFolder,
  temporaryName,
  termName,
  unitFolder,
} from './place.ts'
import { shellQuoted } from './quoting.ts'
import type { RenderedFile } from './rendered-file.ts'
import { aliasOf, heading, isLoneWriter, type Server } from './server.ts'
import { keyOptions } from './ssh-files.ts'

const modeText = (mode: number): string => mode.toString(8).padStart(4, '0')

/** Of another part than this server has now: taken away, so that a former writer does not go on. */
const retired = (files: readonly RenderedFile[]): readonly string[] => {
  const here = new Set(files.map(({ path }) => path))
  return [lsyncdConfFile, logrotateFile, heartbeatFile, sendFile, `${unitFolder}/${sendUnit}`, `${unitFolder}/${heartbeatUnit}`].filter((path) => !here.has(path))
}

const copies = (files: readonly RenderedFile[]): string =>
  files
    .filter(({ path }) => path.startsWith('/') && path !== apacheFile && path !== nginxFile)
    .map(({ path, mode }) => `put ${modeText(mode)} ${shellQuoted(path)}\n`)
    .join('')

const grants = (server: Server): string =>
  server.grants
    .map(({ region, right }) => `grant ${shellQuoted(region)} ${shellQuoted(keyOptions(region, right))}\n`)
    .join('')

const role = (server: Server): string => (server.replication.mode === 'two-way' ? 'two-way' : server.isWriter ? 'writer' : 'receiver')

/** Who becomes the writer takes the next number; who stays it keeps its own. */
const term = ({ targets, replication: { root, heartbeat } }: Server): string => `# The number of this writership, by which a former writer that comes back knows that it was succeeded: the next after those that are
# known here, or to whoever of the others can be asked.
if ! [ -f ${stateFolder}/${termName} ] || [ "$(cat ${roleFile} 2>/dev/null)" != writer ]; then
  known=$({
    cat ${shellQuoted(`${root}${heartbeat.path}`)}/*.json 2>/dev/null | sed -n 's/^.*"term":\\([0-9][0-9]*\\)}$/\\1/p'
    for peer in ${targets.map((target) => shellQuoted(aliasOf(target))).join(' ')}; do
      runuser -u "$user" -- ssh -F ${sshConfigFile} "$peer" term </dev/null 2>/dev/null | sed -n 's/^\\([0-9][0-9]*\\) .*/\\1/p'
    done
  } | sort -n | tail -n 1)
  echo "$((\${known:-0} + 1))" >${stateFolder}/${termName}
  chown "$user:$group" ${stateFolder}/${termName}
fi
`

/** Puts the files where they belong. May be run again at any time, and is after each change. */
export const installScript = (server: Server, files: readonly RenderedFile[]): RenderedFile => {
  const { root, user, heartbeat } = server.replication
  const unitsHere = [pullUnit, ...(server.isWriter ? [heartbeatUnit, sendUnit] : [])]
  const gone = retired(files)
  return {
    path: 'install.sh',
    mode: 0o755,
    about: 'puts the files where they belong; INSTALL.md tells how',
    text: `#!/bin/sh
${heading(server, 'Puts these files where they belong. As root: sh install.sh [--new-root]. May be run again at any time.', 'any directory, with the rest')}
set -eu
cd "$(dirname "$0")"
root=${shellQuoted(root)}
user=${shellQuoted(user)}
site=${shellQuoted(server.site)}

say() { echo "install.sh: $*"; }
fail() {
  echo "install.sh: $*" >&2
  exit 1
}

[ "$(id -u)" -eq 0 ] || fail "this needs root"
for program in ${server.isWriter ? 'lsyncd ' : ''}rsync rrsync ssh sshd; do
  command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] || fail "there is no $program: apt-get install ${packagesOf(server)}"
done
rrsync -help >/dev/null 2>&1 || fail "rrsync is there and does not start, for it needs Python: apt-get install python3"
[ -d "$root" ] || fail "there is no directory $root: set the web server up first"
if [ -f ${folder}/site ] && [ "$(cat ${folder}/site)" != "$site" ]; then
  fail "this server replicates $(cat ${folder}/site) already, and can do so for one site: remove ${folder} to have it forgotten"
fi

# The marker says that this is the document root. It is made once: where it is missing later, it is not.
if ! [ -f "$root/${markerName}" ]; then
  if [ -f ${stateFolder}/marked ] && [ "\${1:-}" != --new-root ]; then
    fail "$root had its ${markerName} and has it no more: is its disk mounted? If it is new on purpose: sh install.sh --new-root"
  fi
  echo "the document root of $site" >"$root/${markerName}"
fi

if ! id "$user" >/dev/null 2>&1; then
  # A shell, for sshd starts the one program that is allowed by it. No password: "*" is none, and is not locked.
  useradd --system --user-group --home-dir ${stateFolder} --shell /bin/sh --password '*' "$user"
  say "made the account $user"
fi
group="$(id -gn "$user")"
[ "$(id -u "$user")" -ne 0 ] || fail "$user is root"

install -d -m 0755 ${folder} ${peersFolder}
install -d -m 0750 -o "$user" -g "$group" ${stateFolder}
touch ${stateFolder}/marked
printf '%s\\n' "$site" >${folder}/site

put() {
  install -D -m "$1" ".$2" "$2"
}
${copies(files)}
has_systemd() { [ -d /run/systemd/system ]; }
retire() {
  case $1 in
    *.service) if has_systemd; then systemctl disable --quiet --now "$(basename "$1")" 2>/dev/null || true; fi ;;
  esac
  rm -f "$1"
}
${gone.map((path) => `retire ${shellQuoted(path)}\n`).join('')}
if ! [ -f ${keyFile} ]; then
  ssh-keygen -q -t ed25519 -N '' -C ${shellQuoted(`dns-failover-${server.region}`)} -f ${keyFile}
  say "made this server's key"
fi
chown "$user:$group" ${keyFile}
chmod 0600 ${keyFile}

# Who may come in, and for what.
missing=
keys=$(mktemp)
trap 'rm -f "$keys"' EXIT
grant() {
  if [ -f "${peersFolder}/$1.pub" ]; then
    read -r type key comment <"${peersFolder}/$1.pub" || true
    case $type in ssh-* | ecdsa-*) ;; *) fail "${peersFolder}/$1.pub is not a public key" ;; esac
    printf '%s %s %s dns-failover-%s\\n' "$2" "$type" "$key" "$1" >>"$keys"
  else
    missing="$missing $1"
  fi
}
${grants(server)}install -m 0644 "$keys" ${authorizedKeysFile}

${isLoneWriter(server) ? term(server) : ''}echo ${role(server)} >${roleFile}

# The account owns what it has to write. Whoever else writes here should be of its group, or run this again afterwards.
install -d -m 0700 -o "$user" -g "$group" "$root/${temporaryName}"
install -d -m 0755 -o "$user" -g "$group" ${shellQuoted(`${root}${heartbeat.path}`)}
chown -R -h "$user:$group" "$root"

if [ -d /etc/apache2/conf-available ]; then
  put 0644 ${shellQuoted(apacheFile)}
  a2enmod -q headers >/dev/null
  a2enconf -q dns-failover-replication >/dev/null
  apache2ctl configtest >/dev/null 2>&1 || fail "Apache's configuration is not valid now: apache2ctl configtest"
  if has_systemd && systemctl is-active --quiet apache2; then systemctl reload apache2; fi
fi
if [ -d /etc/nginx/snippets ]; then
  put 0644 ${shellQuoted(nginxFile)}
  # -R: what is in sites-enabled is a link.
  grep -Rqs dns-failover-replication /etc/nginx/sites-enabled /etc/nginx/conf.d || say "put \\"include snippets/dns-failover-replication.conf;\\" into the site's server blocks of nginx"
fi

mkdir -p /run/sshd
"$(command -v sshd || echo /usr/sbin/sshd)" -t || fail "sshd's configuration is not valid now"
if has_systemd; then
  systemctl daemon-reload
  if systemctl is-active --quiet ssh; then systemctl reload ssh; fi
fi

say "this server's key, for ${peersFolder}/${server.region}.pub on the others:"
cat ${keyFile}.pub
if [ -n "$missing" ]; then
  say "not started yet: put the keys of$missing into ${peersFolder}/REGION.pub and run this again"
elif has_systemd; then
  systemctl enable --quiet ${unitsHere.join(' ')}
  systemctl restart ${unitsHere.join(' ')}
  say "running: ${unitsHere.join(' ')}"
else
  say "done; there is no systemd here to start ${unitsHere.join(' ')}"
fi
`,
  }
}
