import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathOf } from '../../system/servers/available.ts'
import { type Checker, siteName, type Watched, zoneName } from './checker.ts'
import { type BenchProcess, startProcess } from './process.ts'
import { publishes } from './published.ts'

const dnsPort = 53

const zoneText = `@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
ns A 127.0.0.1
`

export interface GdnsdSettings {
  readonly everySeconds: number
  readonly timeoutSeconds: number
  /** Resources of the plugin `multifo`, each with its addresses, under names of the zone. */
  readonly resources: readonly { readonly name: string; readonly addresses: readonly string[] }[]
}

/** One failure is down, one success is up: nothing is faster. */
const configText = (folder: string, host: string, port: number, { everySeconds, timeoutSeconds, resources }: GdnsdSettings): string => `options => {
  listen => [ "${host}:${dnsPort}" ]
  run_dir => "${folder}/run"
  state_dir => "${folder}/state"
}
service_types => {
  web => {
    plugin => http_status
    port => ${port}
    url_path => /
    vhost => ${siteName}
    up_thresh => 1
    ok_thresh => 1
    down_thresh => 1
    interval => ${everySeconds}
    timeout => ${timeoutSeconds}
  }
}
plugins => {
  multifo => {
    service_types => web
${resources.map(({ name, addresses }) => `    ${name} => [ ${addresses.join(', ')} ]`).join('\n')}
  }
}
`

/** Its process alone. */
export const startGdnsdProcess = async (host: string, port: number, settings: GdnsdSettings, core?: number): Promise<BenchProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'gdnsd-'))
  for (const each of ['run', 'state', 'zones']) await mkdir(join(folder, each))
  await writeFile(join(folder, 'config'), configText(folder, host, port, settings))
  await writeFile(join(folder, 'zones', zoneName), `${zoneText}${settings.resources.map(({ name }) => `${name} 30 DYNA multifo!${name}\n`).join('')}`)
  const first = settings.resources[0] ?? { name: 'www', addresses: [] }
  return startProcess([pathOf('gdnsd') ?? 'gdnsd', '-c', folder, 'start'], { isReady: () => publishes(host, dnsPort, `${first.name}.${zoneName}`, first.addresses), core })
}

export const startGdnsd = async ({ host, addresses, port }: Watched, { everySeconds, timeoutSeconds }: Omit<GdnsdSettings, 'resources'>): Promise<Checker> => {
  const { pid, stop } = await startGdnsdProcess(host, port, { everySeconds, timeoutSeconds, resources: [{ name: 'www', addresses }] })
  return { name: `gdnsd, every ${everySeconds} s`, product: 'gdnsd', everyMs: everySeconds * 1000, timeoutMs: timeoutSeconds * 1000, host, port: dnsPort, pid, close: stop }
}
