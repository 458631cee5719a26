import { existsSync, readFileSync } from 'node:fs'
import { program, renderedFrom } from './config.mjs'
import { stateFolder } from './places.mjs'
import { onMachine } from './machine.mjs'
import { LabError, run } from './run.mjs'

const folder = '/etc/dns-failover-replication'
const backup = (region) => `${stateFolder}/keys/${region}.tar`

/** What dns-failover renders for a region, in a folder of that machine. */
const render = async (region) => {
  const out = `${stateFolder}/rendered/${region}`
  await run('rm', ['-rf', out])
  await run(process.execPath, [program, 'replication', 'render', '--config', renderedFrom, '--region', region, '--out', out], { env: { ...process.env, TSIG_SECRET: 'c2VjcmV0IG9mIG5vYm9keSBhdCBhbGwgaGVyZSAgIA==' } })
  await run('tar', ['-C', out, '-cf', `${out}.tar`, '.'])
  await onMachine(region, ['/bin/sh', '-c', 'rm -rf /root/replication && mkdir -p /root/replication && base64 -d | tar -C /root/replication -xf -'], { input: readFileSync(`${out}.tar`).toString('base64') })
}

const install = (region, ...options) => onMachine(region, ['sh', '/root/replication/install.sh', ...options], { timeoutMs: 120_000 })

const keep = async (region) => {
  await run('mkdir', ['-p', `${stateFolder}/keys`])
  const text = await onMachine(region, ['/bin/sh', '-c', `tar -C / -cf - .${folder} | base64`])
  await run('/bin/sh', ['-c', 'base64 -d >"$1"', 'sh', backup(region)], { input: text })
}

/** Gives each of these regions its part, by the steps of the rendered INSTALL.md. */
export const installReplication = async (regions) => {
  await Promise.all(
    regions.map(async (region) => {
      await render(region)
      await install(region)
    }),
  )
  const keys = Object.fromEntries(await Promise.all(regions.map(async (region) => [region, await onMachine(region, ['cat', `${folder}/id_ed25519.pub`])])))
  await Promise.all(
    regions.map(async (region) => {
      for (const peer of regions) if (peer !== region) await onMachine(region, ['/bin/sh', '-c', `cat >${folder}/peers/${peer}.pub`], { input: keys[peer] })
      await install(region)
      await keep(region)
    }),
  )
}

/** On a server that takes a region over: its files as they were kept, then the same steps. */
export const restoreReplication = async (region) => {
  if (!existsSync(backup(region))) throw new LabError(`there is no backup of ${region}'s keys`)
  await onMachine(region, ['/bin/sh', '-c', 'base64 -d | tar -C / -xf -'], { input: readFileSync(backup(region)).toString('base64') })
  await render(region)
  await install(region)
}
