import { ask, onMachine } from './machine.mjs'
import { stateFolder } from './places.mjs'
import { useResolver, writeFileOn } from './name-servers.mjs'
import { run } from './run.mjs'

export const documentRoot = '/var/www/html'
const keyFile = (region) => `${stateFolder}/keys/${region}`

/** The host key of each region's server, made once: what a backup would hold for a replacement. */
export const makeHostKeys = async (regions) => {
  await run('mkdir', ['-p', '-m', '700', `${stateFolder}/keys`])
  for (const region of regions) await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', region, '-f', keyFile(region)])
}

/** As known_hosts and the config's hostKey have it. */
export const hostKey = async (region) => (await run('cat', [`${keyFile(region)}.pub`])).split(' ').slice(0, 2).join(' ')

/** A server of a region as its owner would set it up before any replication: Debian's Apache and sshd, and the first page. */
export const installRegion = async (region) => {
  await useResolver(region)
  await onMachine(region, ['/bin/sh', '-c', 'rm -f /etc/ssh/ssh_host_*; umask 077; cat >/etc/ssh/ssh_host_ed25519_key; ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key >/etc/ssh/ssh_host_ed25519_key.pub'], { input: await run('cat', [keyFile(region)]) })
  await writeFileOn(region, '/etc/apache2/conf-available/lab-name.conf', 'ServerName localhost\n')
  await onMachine(region, ['/bin/sh', '-c', `a2enconf -q lab-name && rm -rf ${documentRoot} && mkdir -p ${documentRoot}`])
  await writeFileOn(region, `${documentRoot}/index.html`, 'Hello, World!\n')
  for (const unit of ['apache2', 'ssh']) await ask(region, { verb: 'enable', unit })
}
