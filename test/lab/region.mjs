import { existsSync } from 'node:fs'
import { documentRoot } from './config.mjs'
import { ask, onMachine } from './machine.mjs'
import { useResolver, writeFileOn } from './name-servers.mjs'
import { stateFolder } from './places.mjs'
import { run } from './run.mjs'

const keyFile = (region) => `${stateFolder}/keys/${region}`

/** The host key of each region's server, made once: what a backup would hold for a replacement. Gives them as known_hosts has them. */
export const makeHostKeys = async (regions) => {
  await run('mkdir', ['-p', '-m', '700', `${stateFolder}/keys`])
  for (const region of regions) if (!existsSync(keyFile(region))) await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', region, '-f', keyFile(region)])
  return Object.fromEntries(await Promise.all(regions.map(async (region) => [region, (await run('cat', [`${keyFile(region)}.pub`])).split(' ').slice(0, 2).join(' ')])))
}

/** A server of a region as its owner would set it up before any replication: Debian's Apache and sshd, and an empty document root. */
export const installRegion = async (region) => {
  await useResolver(region)
  await onMachine(region, ['/bin/sh', '-c', 'rm -f /etc/ssh/ssh_host_*; umask 077; cat >/etc/ssh/ssh_host_ed25519_key; ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key >/etc/ssh/ssh_host_ed25519_key.pub'], { input: await run('cat', [keyFile(region)]) })
  await writeFileOn(region, '/etc/apache2/conf-available/lab-name.conf', 'ServerName localhost\n')
  await onMachine(region, ['/bin/sh', '-c', `a2enconf -q lab-name && rm -rf ${documentRoot} && mkdir -p ${documentRoot}`])
  for (const unit of ['apache2', 'ssh']) await ask(region, { verb: 'enable', unit })
  await ask(region, { verb: 'boot' })
}

export const writePage = (region, name, text) => writeFileOn(region, `${documentRoot}/${name}`, text)
