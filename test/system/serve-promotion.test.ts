import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Endpoint } from '../../src/core/endpoint.ts'
import { endpointText } from '../../src/core/endpoint.ts'
import { parseFqdn } from '../../src/core/fqdn.ts'
import { askA, endpointAt, eventually, type Operated, startOperated, untilA } from './operated-bench.ts'
import type { Service } from './serve-bench.ts'
import { serverMissing, titled } from './servers/available.ts'
import { ddnsKey } from './servers/keys.ts'
import { startNamed } from './servers/named.ts'

const zone = 'promote.example'
const site = `www.${zone}`
const mskName = `msk.${zone}`
const amsName = `ams.${zone}`
const promoteAfterMs = 2_000
/** Long enough for whatever was to be done without a person. */
const longMs = promoteAfterMs + 3_000

interface Alert {
  readonly alerts: readonly { readonly kind: string; readonly site: string; readonly region: string | null; readonly text: string }[]
}

interface Place {
  readonly operated: Operated
  readonly service: Service
  readonly server: Endpoint
  readonly alerts: readonly Alert['alerts'][number][]
  readonly msk: string
  readonly ams: string
  readonly fra: string
  readonly spare: string
  /** Freezes the name server, where it is none of the program's own. */
  readonly freeze: (name: 'SIGSTOP' | 'SIGCONT') => void
  serial(): Promise<number>
}

interface Backend {
  readonly yaml: string
  readonly server: Endpoint
  readonly freeze: Place['freeze']
  serial(): Promise<number>
}

type StartBackend = (net: string, port: number, services: Readonly<Record<string, string>>) => Promise<Backend>

const embedded: StartBackend = async (net, port, services) => ({
  yaml: `providers:
  local: { type: embedded, listen: "${net}.7:${port}", zone: ${zone}, records: { ${Object.entries(services).map(([name, address]) => `${name}: { A: ${address} }`).join(', ')} } }
`,
  server: endpointAt(`${net}.7`, port),
  freeze: () => undefined,
  serial: () => Promise.resolve(0),
})

const bind: StartBackend = async (_net, _port, services) => {
  const server = await startNamed({ zone, isSigned: false })
  onTestFinished(() => server.stop())
  await server.edit({ add: Object.entries(services).map(([name, data]) => ({ name: parseFqdn(name) ?? expect.fail(name), ttl: 5, type: 'A', data })) })
  return {
    yaml: `providers:
  bind: { type: rfc2136, server: "${endpointText(server.endpoint)}", zone: ${zone}, tsig: { name: ${ddnsKey.name}, algorithm: ${ddnsKey.algorithm}, secret: "\${TSIG_SECRET}" } }
nameservers: ["${endpointText(server.endpoint)}"]
`,
    server: server.endpoint,
    freeze: server.signal,
    serial: server.serial,
  }
}

/** What takes alerts. */
const startTarget = async (alerts: Alert['alerts'][number][]): Promise<string> => {
  const target = createServer((request, response) => {
    let text = ''
    request.on('data', (part: Buffer) => (text += part.toString()))
    request.on('end', () => {
      alerts.push(...(JSON.parse(text) as Alert).alerts)
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(target, 'listening')
  onTestFinished(async () => {
    target.closeAllConnections()
    await new Promise((resolve) => target.close(resolve))
  })
  return `http://127.0.0.1:${(target.address() as AddressInfo).port}/alerts`
}

/** A site of three regions, of which two have a service subdomain, and the same one server to take over. */
const begin = async (startBackend: StartBackend, net: string): Promise<Place> => {
  const [msk, ams, fra, spare] = [2, 3, 4, 5].map((last) => `${net}.${last}`) as [string, string, string, string]
  const operated = await startOperated({ addresses: [msk, ams, fra, spare], apiHost: `${net}.6`, env: { TSIG_SECRET: ddnsKey.secret }, atEnd: onTestFinished })
  const { port } = operated.regions
  const backend = await startBackend(net, port, { [mskName]: msk, [amsName]: ams })
  const alerts: Alert['alerts'][number][] = []
  const url = await startTarget(alerts)
  await operated.write(`${backend.yaml}alerts: { hook: { type: json, url: "${url}", group: 0s, perHour: 1000 } }
sites:
  ${site}:
    allowPrivate: true
    ttl: 1
    removalWindow: 0s
    damping: { base: 0s, max: 0s }
    regions:
      msk: { service: ${mskName}, replacements: [${spare}], promoteAfter: ${promoteAfterMs}ms }
      ams: { service: ${amsName}, replacements: [${spare}], promoteAfter: ${promoteAfterMs}ms }
      fra: { addresses: [${fra}] }
    check: { url: "http://{site}:${port}/", every: 300ms, fall: 2, rise: 2, confirmSpan: 100ms, timeout: 400ms }
`)
  const service = await operated.start()
  await untilA(backend.server, site, [msk, ams, fra])
  return { operated, service, server: backend.server, freeze: backend.freeze, serial: backend.serial, alerts, msk, ams, fra, spare }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const promotions = ({ service }: Place): number => service.lines().filter(({ event }) => event === 'promoted').length

const cases = (startBackend: StartBackend, net: string): void => {
  it('is taken over once, by a server that no other region gets, and comes back when somebody says so', { timeout: 90_000 }, async () => {
    const place = await begin(startBackend, net)
    const { operated, service, server, alerts, msk, ams, fra, spare } = place
    const order = (method: string, path: string, body?: unknown) => operated.api(method, `/api/v1/sites/${site}/regions/${path}`, body)

    // Drained, it is nobody's to take over, however long it is down.
    expect((await order('POST', 'msk/drain', { for: '1h', reason: 'kernel' })).status).toBe(200)
    await untilA(server, site, [ams, fra])
    operated.regions.set(msk, 'fail')
    await eventually(async () => (await operated.region(site, 'msk')).addresses.some(({ state }) => state === 'down'))
    await pause(longMs)
    expect((await operated.region(site, 'msk')).replacement).toMatchObject({ heldBy: expect.stringContaining('it is drained: kernel'), dueAt: null, isPromoted: false })
    expect(await askA(server, mskName)).toEqual([msk])

    // Down and not drained, it is taken over, and the main domain follows.
    const undrainedAt = Date.now()
    expect((await order('DELETE', 'msk/drain')).status).toBe(200)
    await untilA(server, mskName, [spare])
    expect(Date.now() - undrainedAt).toBeGreaterThan(promoteAfterMs - 1_100)
    await untilA(server, site, [ams, fra, spare])
    const [said] = (await service.until((lines) => lines.some(({ event }) => event === 'promoted'))).filter(({ event }) => event === 'promoted')
    expect(said).toMatchObject({ level: 'error', site, region: 'msk', service: mskName, to: [spare], before: [msk] })
    await eventually(async () => (await operated.events('kind=promoted')).some(({ region, level }) => region === 'msk' && level === 'error'))
    await eventually(async () => alerts.some(({ kind, region, text }) => kind === 'promotion' && region === 'msk' && text.includes(spare)))
    expect((await operated.region(site, 'msk')).replacement).toMatchObject({ isPromoted: true })

    // Another region that goes down does not get the same server.
    operated.regions.set(ams, 'fail')
    await untilA(server, site, [fra, spare])
    await pause(longMs)
    expect((await operated.region(site, 'ams')).replacement).toMatchObject({ isPromoted: false, candidates: [{ addresses: [spare], takenBy: 'msk' }] })
    expect(await askA(server, amsName)).toEqual([ams])
    operated.regions.set(ams, 'serve')
    await untilA(server, site, [ams, fra, spare])

    // Neither once more, nor back by itself, though the replacement dies and the old server lives.
    operated.regions.set(msk, 'serve')
    operated.regions.set(spare, 'fail')
    await untilA(server, site, [ams, fra])
    await pause(longMs)
    expect(await askA(server, mskName)).toEqual([spare])
    expect(promotions(place)).toBe(1)

    // By an operator: only to what serves the site and is no other region's.
    expect(await order('POST', 'msk/repoint', { addresses: [ams], reason: 'a slip' })).toMatchObject({ status: 409, body: { code: 'address-taken' } })
    operated.regions.set(msk, 'fail')
    expect(await order('POST', 'msk/repoint', { addresses: [msk], reason: 'too early' })).toMatchObject({ body: { code: 'check-failed' } })
    expect(await askA(server, mskName)).toEqual([spare])
    operated.regions.set(msk, 'serve')
    expect(await order('POST', 'msk/repoint', { addresses: [msk], reason: 'mended' })).toMatchObject({ status: 200, body: { service: mskName, checks: [{ address: msk, ok: true }], verification: { outcome: 'agreed' } } })
    expect(await askA(server, mskName)).toEqual([msk])
    await untilA(server, site, [msk, ams, fra])
    await eventually(async () => (await operated.events('kind=repointed')).length === 1)
    // What was pointed back is a region as before: it may be taken over again.
    operated.regions.set(spare, 'serve')
    operated.regions.set(msk, 'fail')
    await untilA(server, mskName, [spare])
    await untilA(server, site, [ams, fra, spare])
    expect(promotions(place)).toBe(2)
  })
}

const missing = serverMissing('named', 'nsupdate', 'dig')

describe('a region of a service that stays down, in an embedded zone', () => cases(embedded, '127.45.0'))

describe.skipIf(missing !== undefined)(titled('a region of a service that stays down, at BIND 9', missing), () => {
  cases(bind, '127.46.0')

  it('is left alone while nothing at all answers, and taken over once we see again', { timeout: 90_000 }, async () => {
    const place = await begin(bind, '127.47.0')
    const { operated, service, server, msk, ams, fra, spare, freeze } = place
    const serial = await place.serial()
    for (const address of [msk, ams, fra, spare]) operated.regions.set(address, 'hang')
    freeze('SIGSTOP')
    onTestFinished(() => freeze('SIGCONT'))
    await eventually(async () => (await operated.site(site)).condition === 'blind')
    await pause(longMs + 2_000)
    expect((await operated.site(site)).condition).toBe('blind')
    expect((await operated.region(site, 'msk')).replacement).toMatchObject({ isPromoted: false, dueAt: null })
    freeze('SIGCONT')
    expect(await place.serial()).toBe(serial)
    expect(service.lines().filter(({ event }) => event === 'promoted' || event === 'promotion-failed')).toEqual([])
    for (const address of [ams, fra, spare]) operated.regions.set(address, 'serve')
    const seeingAt = Date.now()
    await untilA(server, mskName, [spare])
    expect(Date.now() - seeingAt).toBeGreaterThan(promoteAfterMs - 1_100)
    await untilA(server, site, [ams, fra, spare])
    expect(await askA(server, amsName)).toEqual([ams])
    expect(promotions(place)).toBe(1)
  })
})
