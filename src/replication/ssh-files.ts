import { keyOptionQuoted, shellQuoted } from './quoting.ts'
import { authorizedKeysFile, keyFile, knownHostsFile, receiveFile, sshConfigFile, sshdFile } from './place.ts'
import type { RenderedFile } from './rendered-file.ts'
import { aliasOf, heading, hostOf, type Right, type Server } from './server.ts'

const peersOf = ({ targets, sources }: Server): readonly string[] => [...new Set([...targets, ...sources])]

export const sshConfig = (server: Server): RenderedFile => {
  const hosts = peersOf(server).map((peer) => {
    const { address, port } = hostOf(server, peer)
    return `Host ${aliasOf(peer)}\n  HostName ${address}\n  Port ${port}\n  HostKeyAlias ${aliasOf(peer)}\n`
  })
  return {
    path: sshConfigFile,
    mode: 0o644,
    about: 'how the other servers are reached',
    text: `${heading(server, 'ssh: how the other servers are reached, by the names dns-failover-REGION.', sshConfigFile)}
${hosts.join('\n')}
Host dns-failover-*
  User ${server.replication.user}
  IdentityFile ${keyFile}
  IdentitiesOnly yes
  UserKnownHostsFile ${knownHostsFile}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  UpdateHostKeys no
  BatchMode yes
  # A peer that has gone silent is noticed within ten seconds, not in the minutes that TCP takes.
  ConnectTimeout 5
  ServerAliveInterval 3
  ServerAliveCountMax 2
`,
  }
}

/** Regions whose host key the config does not say. */
export const regionsWithoutKey = (server: Server): readonly string[] => peersOf(server).filter((peer) => hostOf(server, peer).hostKeys.length === 0)

export const knownHosts = (server: Server): RenderedFile => {
  const missing = regionsWithoutKey(server).map((peer) => `# ${aliasOf(peer)}: not in the config yet (hosts.${peer}.hostKey); until it is, nothing is sent there.\n`)
  const lines = peersOf(server).flatMap((peer) => hostOf(server, peer).hostKeys.map((key) => `${aliasOf(peer)} ${key}\n`))
  return {
    path: knownHostsFile,
    mode: 0o644,
    about: "the other servers' host keys",
    text: `${heading(server, "ssh: the other servers' host keys, by region, so that a replacement can take a region's name over with its key.", knownHostsFile)}${missing.join('')}${lines.join('')}`,
  }
}

const flags: Readonly<Record<Right, string>> = { read: '-ro', write: '-wo -no-lock', both: '-no-lock' }

/** What stands before a peer's public key in authorized_keys. `-no-lock`: two peers may send at the same time. */
export const keyOptions = (region: string, right: Right): string => `restrict,command=${keyOptionQuoted(`${receiveFile} ${shellQuoted(region)} ${flags[right]}`)}`

/** For the account that receives: its keys are where only root writes, and open nothing but what their line says. */
export const sshdConfig = (server: Server): RenderedFile => ({
  path: sshdFile,
  mode: 0o644,
  about: 'the account of the replication in sshd',
  text: `${heading(server, `sshd: the account ${server.replication.user} comes in by the keys of the other servers alone, and only to rsync.`, sshdFile)}
Match User ${server.replication.user}
  AuthorizedKeysFile ${authorizedKeysFile}
  AuthenticationMethods publickey
  PubkeyAuthentication yes
  PasswordAuthentication no
  KbdInteractiveAuthentication no
  AllowAgentForwarding no
  AllowTcpForwarding no
  X11Forwarding no
  PermitTunnel no
  PermitTTY no
  PermitUserRC no
  # A peer that has vanished is let go of.
  ClientAliveInterval 15
  ClientAliveCountMax 3
Match all
`,
})
