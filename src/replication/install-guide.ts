import { deletionsOf } from './deletions.ts'
import { folder, keyFile, packagesOf, peersFolder, pullUnit, sendUnit } from './place.ts'
import type { RenderedFile } from './rendered-file.ts'
import { shellQuoted } from './quoting.ts'
import { hostOf, type Server } from './server.ts'
import { regionsWithoutKey } from './ssh-files.ts'

const partOf = (server: Server): string => {
  const { mode, writer } = server.replication
  if (mode === 'two-way') return `It sends to ${server.targets.join(', ')}, and receives from ${server.sources.join(', ')}.`
  return server.isWriter
    ? `It is the writer: the only place to change files. It sends to ${server.targets.join(', ')}.`
    : `It receives from ${writer}, the writer. What is changed here is lost with the next change there.`
}

const hostKeySteps = (server: Server): string => {
  const unknown = regionsWithoutKey(server)
  if (unknown.length === 0) return ''
  const lines = unknown.map((peer) => {
    const { address, port } = hostOf(server, peer)
    return `    ssh-keyscan -t ed25519 -p ${port} ${address}        # hosts.${peer}.hostKey\n`
  })
  return `
## First: host keys that the config does not know

${lines.join('')}
Compare each with /etc/ssh/ssh_host_ed25519_key.pub on the server itself: the network could have answered in its place. Put
them into the config, and render again.
`
}

const keySteps = (server: Server): string => {
  const peers = server.grants.map(({ region }) => region)
  const lines = peers.map((peer) => `    scp ${hostOf(server, peer).address}:${keyFile}.pub ${peersFolder}/${peer}.pub      # or paste it\n`)
  return lines.join('')
}

const limitSteps = (limits: readonly string[]): string =>
  limits.length === 0 ? '' : `\n## What two-way cannot do\n\n${limits.map((limit) => `- ${limit}\n`).join('')}\nWith one writer none of this happens: mode: single-writer.\n`

const newServer = (server: Server): string => {
  const { mode, root } = server.replication
  const way = `render and install as above. With the old server's sshd host key and ${folder}, the others notice nothing;
  otherwise the new host key goes into the config, and the new public key to the others.`
  const filled =
    mode === 'single-writer' && server.isWriter
      ? `A writer takes nothing from the others: make another region the writer first (dns-failover replication promote), let this one
  come as a receiver, and make it the writer again once it has everything.`
      : `Start with an empty ${root}: it is filled at step 4, before anything is sent. At another address than before it cannot be sent to
  until the name leads there, so take the second runs (step 4) on the others first: it then takes all that they have by itself.`
  return `- A new server for this region: ${way}\n  ${filled}\n`
}

/** The way to a server that runs, for people. */
export const installGuide = (server: Server, files: readonly RenderedFile[], limits: readonly string[]): RenderedFile => {
  const { root, user } = server.replication
  return {
    path: 'INSTALL.md',
    mode: 0o644,
    about: 'the steps, for people',
    text: `# Region ${server.region} of ${server.site}: its part in the replication of ${root}

${partOf(server)}
${hostKeySteps(server)}
## Steps, as root on the server

1. The programs, on Debian 12 or newer:

       apt-get install --no-install-recommends ${packagesOf(server)}

2. Copy this directory there, and install it:

       sh install.sh

   It makes the account ${user} and a key of its own in ${keyFile}, copies the files, and gives ${root} to
   that account. It ends with this server's public key. Root writes there as before, always so that others may read (umask 022): what
   the account cannot read is not sent, and no heartbeat until it is. To let another user write:

       usermod -aG ${user} USER
       chmod -R g+w ${shellQuoted(root)} && find ${shellQuoted(root)} -type d -exec chmod g+s {} +

3. The keys of the others, once step 2 has been done there:

${keySteps(server).replaceAll(/^ {4}/gm, '       ')}
4. Once more, which now also starts it:

       sh install.sh

5. Look:

       systemctl status ${server.isWriter ? sendUnit : pullUnit}
       ${server.isWriter ? 'tail /var/log/dns-failover-replication/lsyncd.log' : `journalctl -u ${pullUnit}`}

Debian 13's sshd resets connections from a server whose key it refused several times, for up to half a minute: wait that long.

A server with very many directories needs more watches than the usual number: sysctl fs.inotify.max_user_watches.
${limitSteps(limits)}
## What is deleted, and when

${deletionsOf(server).map((each) => `- ${each}\n`).join('')}
## Later

- Changed config: render again, and step 2 again, on every server.
${newServer(server)}- An empty or unmounted ${root} is refused: it has no marker. New on purpose: sh install.sh --new-root

## The files

${files.map(({ path, about }) => `- ${path}: ${about}\n`).join('')}`,
  }
}
