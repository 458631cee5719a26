import { existsSync, readFileSync } from 'node:fs'
import { configFile, program, renderedFrom } from './config.mjs'
import { ask, onMachineHere } from './machine.mjs'
import { useResolver, writeFileOn } from './name-servers.mjs'
import { machineFolder, regions } from './places.mjs'
import { until } from './run.mjs'

/** The failover manager on a machine of its own, as a service of the program that was built. */
export const installManager = async (tsigSecret) => {
  await useResolver('manager')
  await writeFileOn('manager', configFile, readFileSync(renderedFrom, 'utf8'))
  await writeFileOn('manager', '/etc/dns-failover/environment', `TSIG_SECRET=${tsigSecret}\n`, '600')
  await writeFileOn('manager', '/etc/systemd/system/dns-failover.service', `[Unit]
Description=DNS failover manager
[Service]
EnvironmentFile=/etc/dns-failover/environment
StateDirectory=dns-failover
ExecStart=${process.execPath} ${program} serve --config ${configFile}
Restart=always
RestartSec=1s
`)
  await ask('manager', { verb: 'enable', unit: 'dns-failover' })
}

/** Starts the manager, and waits until every region has passed: before that it withdraws nobody. */
export const startManager = async () => {
  await ask('manager', { verb: 'start', unit: 'dns-failover' })
  const log = `${machineFolder('manager')}/log/dns-failover.service`
  const passed = () => (existsSync(log) ? readFileSync(log, 'utf8') : '').split('\n').filter((line) => line.includes('"event":"health"') && line.includes('"to":"up"'))
  await until(`a passing check of every region (see ${log})`, () => (regions.every((region) => passed().some((line) => line.includes(`"region":"${region}"`))) ? true : undefined))
}

/** The words of one option may stand anywhere; the verb, and a second one that belongs to it, come first. */
const withConfig = ([verb = '--help', ...rest]) => {
  if (verb.startsWith('-')) return [verb, ...rest]
  return verb === 'replication' ? [verb, ...rest.slice(0, 1), '--config', configFile, ...rest.slice(1)] : [verb, '--config', configFile, ...rest]
}

/** Runs a verb of dns-failover beside the running service, with this terminal; gives its exit code. */
export const manageHere = (args) => onMachineHere('manager', ['/bin/sh', '-c', 'set -a; . /etc/dns-failover/environment; exec "$@"', 'sh', process.execPath, program, ...withConfig(args)])
