import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endpointText } from '../../../src/core/endpoint.ts'
import { ddnsKey } from '../../system/servers/keys.ts'
import { startNamed } from '../../system/servers/named.ts'
import { type Checker, siteName, type Watched, wantedBody, zoneName } from './checker.ts'
import { type BenchProcess, startProcess } from './process.ts'
import { publishes } from './published.ts'

export const program = fileURLToPath(new URL('../../../dist/cli/dns-failover.js', import.meta.url))

const dnsPort = 53

export interface OurSettings {
  /** Of the site's check. */
  readonly every: string
  readonly timeout: string
  readonly confirmSpan: string
  readonly fall: number
  /** Default: each check opens one. */
  readonly connection?: 'fresh' | 'kept'
}

export interface OurSite {
  readonly name: string
  /** The addresses of each of its regions. */
  readonly regions: readonly (readonly string[])[]
}

/** Nothing waits for re-admission, and as many are withdrawn as fail, unless `more` says otherwise. */
export const undamped = 'damping: { base: 0s, max: 0s }, removalWindow: 0s, '

const checkText = (port: number, settings: OurSettings | undefined): string => {
  const url = `url: "http://{site}:${port}/"`
  if (settings === undefined) return `{ ${url} }`
  const { every, timeout, confirmSpan, fall, connection = 'fresh' } = settings
  return `{ ${url}, every: ${every}, timeout: ${timeout}, confirmSpan: ${confirmSpan}, fall: ${fall}, rise: 2, connection: ${connection}, expect: { body: ${wantedBody} } }`
}

/**
 * Sites that are checked alike, in few words: a config may have 2 MiB and 100,000 values, with all that its aliases stand for.
 * Without `settings` by the defaults. `more`: further keys of each site, with a comma at the end.
 */
export const sitesText = (sites: readonly OurSite[], port: number, settings: OurSettings | undefined, more = ''): string =>
  sites
    .map(({ name, regions }, index) => {
      const check = index === 0 ? `&check ${checkText(port, settings)}` : '*check'
      return `  ${name}: {allowPrivate: true, ${more}check: ${check}, regions: {${regions.map((addresses, region) => `r${region}: {addresses: [${addresses.join(', ')}]}`).join(', ')}}}\n`
    })
    .join('')

/** The service as built, over a zone that it serves itself. */
export const startOurProcess = async (host: string, siteTexts: string, options: { readonly core?: number | undefined; readonly provider?: string; readonly more?: string; readonly isReady: () => Promise<boolean> }): Promise<BenchProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'dns-failover-'))
  const config = join(folder, 'dns-failover.yaml')
  const provider = options.provider ?? `  local: { type: embedded, listen: "${host}:${dnsPort}", zone: ${zoneName} }\n`
  await writeFile(config, `version: 1\napi: { listen: "${host}:8453", open: true, requestsPerSecond: 1000 }\nproviders:\n${provider}${options.more ?? ''}sites:\n${siteTexts}`)
  return startProcess([process.execPath, program, 'serve', '--config', config], { isReady: options.isReady, env: { TZ: 'UTC', TSIG_SECRET: ddnsKey.secret }, core: options.core })
}

const seconds = (text: string): number => (text.endsWith('ms') ? Number.parseFloat(text) : Number.parseFloat(text) * 1000)

export const startOurs = async ({ host, addresses, port }: Watched, name: string, settings: OurSettings, more = undamped): Promise<Checker> => {
  const site = { name: siteName, regions: addresses.map((address) => [address]) }
  const { pid, stop } = await startOurProcess(host, sitesText([site], port, settings, more), { isReady: () => publishes(host, dnsPort, siteName, addresses) })
  return { name, product: 'dns-failover', everyMs: seconds(settings.every), timeoutMs: seconds(settings.timeout), host, port: dnsPort, pid, close: stop }
}

/** The same over a real BIND, by dynamic updates. */
export const startOursOverBind = async ({ host, addresses, port }: Watched, name: string, settings: OurSettings): Promise<Checker> => {
  const bind = await startNamed({ zone: zoneName, isSigned: false })
  const { endpoint } = bind
  const site = { name: siteName, regions: addresses.map((address) => [address]) }
  const ours = await startOurProcess(host, sitesText([site], port, settings, undamped), {
    provider: `  bind: { type: rfc2136, server: "${endpointText(endpoint)}", zone: ${zoneName}, tsig: { name: ${ddnsKey.name}, algorithm: ${ddnsKey.algorithm}, secret: "\${TSIG_SECRET}" } }\n`,
    more: `nameservers: ["${endpointText(endpoint)}"]\n`,
    isReady: () => publishes(endpoint.address, endpoint.port, siteName, addresses),
  }).catch(async (error: unknown) => {
    await bind.stop()
    throw error
  })
  const close = async (): Promise<void> => {
    await ours.stop()
    await bind.stop()
  }
  return { name, product: 'dns-failover', everyMs: seconds(settings.every), timeoutMs: seconds(settings.timeout), host: endpoint.address, port: endpoint.port, pid: ours.pid, close }
}
