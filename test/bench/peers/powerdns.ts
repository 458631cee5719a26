import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathOf } from '../../system/servers/available.ts'
import { type Checker, type Watched, wantedBody, zoneName } from './checker.ts'
import { type BenchProcess, startProcess } from './process.ts'
import { publishes } from './published.ts'

const dnsPort = 53

export interface PowerdnsSettings {
  readonly everySeconds: number
  readonly timeoutSeconds: number
  /** Names of the zone, each with the addresses of which those are answered that are up. */
  readonly names: readonly { readonly name: string; readonly addresses: readonly string[] }[]
}

const record = (port: number, timeoutSeconds: number, addresses: readonly string[]): string =>
  `"ifurlup('http://www.${zoneName}:${port}/', {{${addresses.map((each) => `'${each}'`).join(', ')}}}, {selector='all', backupSelector='all', stringmatch='${wantedBody}', timeout=${timeoutSeconds}})"`

const zoneText = (port: number, { names, timeoutSeconds }: PowerdnsSettings): string => `$ORIGIN ${zoneName}.
@ 30 IN SOA ns.${zoneName}. hostmaster.${zoneName}. 1 3600 600 86400 60
@ 30 IN NS ns.${zoneName}.
ns 30 IN A 127.0.0.1
${names.map(({ name, addresses }) => `${name} 30 IN LUA A ${record(port, timeoutSeconds, addresses)}\n`).join('')}`

/** Nothing is answered from a cache: what it knows is what it says. */
const configText = (folder: string, host: string, everySeconds: number): string => `launch=bind
bind-config=${folder}/named.conf
socket-dir=${folder}
local-address=${host}
local-port=${dnsPort}
enable-lua-records=yes
lua-health-checks-interval=${everySeconds}
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
consistent-backends=no
daemon=no
guardian=no
security-poll-suffix=
`

/** Its process alone. It begins to check a name when that is first asked for. */
export const startPowerdnsProcess = async (host: string, port: number, settings: PowerdnsSettings, core?: number): Promise<BenchProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'pdns-'))
  await writeFile(join(folder, 'pdns.conf'), configText(folder, host, settings.everySeconds))
  await writeFile(join(folder, 'named.conf'), `zone "${zoneName}" { type master; file "${folder}/zone"; };\n`)
  await writeFile(join(folder, 'zone'), zoneText(port, settings))
  const first = settings.names[0] ?? { name: 'www', addresses: [] }
  return startProcess([pathOf('pdns_server') ?? 'pdns_server', `--config-dir=${folder}`], { isReady: () => publishes(host, dnsPort, `${first.name}.${zoneName}`, first.addresses), core })
}

export const startPowerdns = async ({ host, addresses, port }: Watched, { everySeconds, timeoutSeconds }: Omit<PowerdnsSettings, 'names'>): Promise<Checker> => {
  const { pid, stop } = await startPowerdnsProcess(host, port, { everySeconds, timeoutSeconds, names: [{ name: 'www', addresses }] })
  return { name: `PowerDNS, every ${everySeconds} s`, product: 'PowerDNS', everyMs: everySeconds * 1000, timeoutMs: timeoutSeconds * 1000, host, port: dnsPort, pid, close: stop }
}
