import { fileURLToPath, pathToFileURL } from 'node:url'
import { machines, regions, serviceName, site, stateFolder, zone } from './places.mjs'

/** dns-failover as it was built from this checkout, or the one in `LAB_DIST`. */
const dist = process.env.LAB_DIST === undefined ? new URL('../../dist/', import.meta.url) : pathToFileURL(`${process.env.LAB_DIST}/`)
export const program = fileURLToPath(new URL('cli/dns-failover.js', dist))

/** The config that the manager runs by and the regions' files are rendered from; on the manager and in the lab's folder. */
export const configFile = '/etc/dns-failover/dns-failover.yaml'
export const renderedFrom = `${stateFolder}/dns-failover.yaml`

/** Seconds that a resolver keeps the site's addresses; short, so that the story is. */
export const ttl = 2

/** How often each address is asked, in milliseconds. */
export const checkEveryMs = 500

export const documentRoot = '/var/www/html'
export const heartbeatFolder = '/.dns-failover'

/** Of the replication: `mode` is single-writer or two-way, `topology` mesh or star, around the first region; `delay` how long lsyncd gathers changes. */
export const configText = ({ hostKeys, mode, topology, delay }) => `version: 1
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
    replication:
      root: ${documentRoot}
      mode: ${mode}
      topology: ${topology}
${topology === 'star' ? `      hub: ${regions[0]}\n` : ''}      delay: ${delay}
      heartbeat: { every: 1s, path: ${heartbeatFolder} }
      maxLag: 5s
      hosts:
${regions.map((region) => `        ${region}: { hostKey: "${hostKeys[region]}" }`).join('\n')}
`
