import { fileURLToPath } from 'node:url'
import { ask, onMachineHere } from './machine.mjs'
import { machines, regions, serviceName, site, zone } from './places.mjs'
import { ttl, useResolver, writeFileOn } from './name-servers.mjs'

const program = fileURLToPath(new URL('cli/dns-failover.js', process.env.LAB_DIST === undefined ? new URL('../../dist/', import.meta.url) : `file://${process.env.LAB_DIST}/`))
export const configFile = '/etc/dns-failover/dns-failover.yaml'

/** How often each address is asked, in milliseconds. */
export const checkEveryMs = 500

const configText = () => `version: 1
state: /var/lib/dns-failover
providers:
  bind: { type: rfc2136, server: "${machines.dns.address}:53", zone: ${zone}, tsig: { name: manager, algorithm: hmac-sha256, secret: "\${TSIG_SECRET}" } }
nameservers: ["${machines.dns.address}:53"]
sites:
  ${site}:
    ttl: ${ttl}
    damping: { base: 0s, max: 0s }
    removalWindow: 0s
    regions:
${regions.map((region) => `      ${region}: { service: ${serviceName(region)} }`).join('\n')}
    check: { url: "http://{site}/", every: ${checkEveryMs}ms, fall: 3, rise: 2, confirmSpan: 500ms, timeout: 1s, expect: { status: [200], body: Hello } }
`

/** The failover manager on a machine of its own, as the program built from this checkout. */
export const installManager = async (tsigSecret) => {
  await useResolver('manager')
  await writeFileOn('manager', configFile, configText())
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

/** Runs a verb of dns-failover beside the running service, with this terminal; gives its exit code. */
export const manageHere = ([verb = '--help', ...rest]) =>
  onMachineHere('manager', ['/bin/sh', '-c', 'set -a; . /etc/dns-failover/environment; exec "$@"', 'sh', process.execPath, program, verb, ...(verb.startsWith('-') ? [] : ['--config', configFile]), ...rest])
