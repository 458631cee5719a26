import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { endpointText } from '../../src/core/endpoint.ts'
import { type Regions, startRegions } from '../cli/regions.ts'
import { ddnsKey } from '../system/servers/keys.ts'
import { startNamed } from '../system/servers/named.ts'
import type { ZoneServer } from '../system/servers/zone-server.ts'
import { type Container, imageSize, startContainer } from './container.ts'

const [msk, ams] = ['127.0.0.2', '127.0.0.3']
const site = 'failover.image.example'

let folder: string
let server: ZoneServer
let regions: Regions
let container: Container

const config = (): string => `
version: 1
providers:
  bind:
    type: rfc2136
    server: "${endpointText(server.endpoint)}"
    zone: ${server.zone}
    tsig: { name: ${ddnsKey.name}, algorithm: ${ddnsKey.algorithm}, secret: "\${TSIG_SECRET}" }
nameservers: ["${endpointText(server.endpoint)}"]
state: /var/lib/dns-failover
api: { listen: "off" }
sites:
  ${site}:
    allowPrivate: true
    regions:
      msk: { addresses: [${msk}] }
      ams: { addresses: [${ams}] }
    check: { url: "http://{site}:${regions.port}/", every: 1s, fall: 2, rise: 2, timeout: 500ms, expect: { body: Hello } }
`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dns-failover-image-test-'))
  server = await startNamed({ zone: 'image.example', isSigned: false })
  regions = await startRegions([msk, ams])
  const configFile = join(folder, 'dns-failover.yaml')
  await writeFile(configFile, config(), { mode: 0o644 })
  container = await startContainer({ configFile, env: { TSIG_SECRET: ddnsKey.secret } })
})

afterAll(async () => {
  await container?.remove()
  await regions?.close()
  await server?.stop()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

const published = async (): Promise<readonly string[]> =>
  (await server.transfer()).filter(({ name, type }) => name === site && type === 'A').map(({ data }) => data).toSorted()

/** Asks until it is so; the log tells why, if it never is. */
const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 30_000
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within 30 s: ${what}\n${await container.logs()}`)
    await pause(100)
  }
}

const untilPublished = (...addresses: readonly string[]): Promise<void> =>
  until(`${site} is ${addresses.join(' ')}`, async () => (await published()).join() === addresses.join())

it('publishes what serves, withdraws what does not, and takes it back', async () => {
  await untilPublished(msk, ams)
  regions.set(msk, 'fail')
  await untilPublished(ams)
  regions.set(msk, 'serve')
  await untilPublished(msk, ams)
})

it('is healthy by its own check, and unhealthy while its loop stands still', async () => {
  await until('it is healthy', () => container.isHealthy())
  await container.signal('STOP')
  expect(await container.isHealthy()).toBe(false)
  await container.signal('CONT')
  await until('it is healthy again', () => container.isHealthy())
})

it('goes on after SIGKILL: no lock that nobody holds stops it, and no record moves', async () => {
  const before = await server.serial()
  await container.killAndStart()
  await until('it is healthy again', () => container.isHealthy())
  expect(await published()).toEqual([msk, ams])
  expect(await server.serial()).toBe(before)
  regions.set(ams, 'fail')
  await untilPublished(msk)
  regions.set(ams, 'serve')
  await untilPublished(msk, ams)
})

it('runs as a user without rights', async () => {
  const { Uid, Gid, CapEff, CapBnd, NoNewPrivs, VmRSS, VmHWM } = await container.status()
  process.stdout.write(`image ${((await imageSize()) / 1e6).toFixed(0)} MB, resident ${VmRSS}, at most ${VmHWM}\n`)
  const none = '0000000000000000'
  expect({ Uid, Gid, CapEff, CapBnd, NoNewPrivs }).toEqual({ Uid: '1000\t1000\t1000\t1000', Gid: '1000\t1000\t1000\t1000', CapEff: none, CapBnd: none, NoNewPrivs: '1' })
  await expect(container.exec('touch', '/tmp/file')).rejects.toThrow('Read-only file system')
})

it('answers an operator inside', async () => {
  expect(await container.exec('dns-failover', '--version')).toMatch(/^\d+\.\d+\.\d+$/)
  const sdk = "console.log(Object.keys(await import('/opt/dns-failover/dist/providers/cloudflare/sdk.js')).length > 0)"
  expect(await container.exec('node', '--input-type=module', '-e', sdk), 'the part of the SDK that is bundled').toBe('true')
  const run = container.exec('dns-reconcile', '--config', '/etc/dns-failover/dns-failover.yaml')
  await expect(run, 'the service has the lock').rejects.toMatchObject({ code: 3 })
})

it('has the dashboard in it', async () => {
  const ask = `require('http').get({ socketPath: '/var/lib/dns-failover/api.sock', path: '/' }, (answer) => answer.pipe(process.stdout))`
  expect(await container.exec('node', '-e', ask)).toContain('<div id="app"></div>')
})

it('keeps a history in its volume, and answers at its socket', async () => {
  const ask = `require('http').get({ socketPath: '/var/lib/dns-failover/api.sock', path: '/api/v1/events?limit=1000' }, (answer) => answer.pipe(process.stdout))`
  const { events, trouble } = JSON.parse(await container.exec('node', '-e', ask)) as { readonly events: readonly { readonly kind: string }[]; readonly trouble: string | null }
  expect(trouble).toBeNull()
  expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set([...events.map(({ kind }) => kind), 'service', 'health', 'written', 'verified']))
  const size = Number(await container.exec('node', '-p', "fs.statSync('/var/lib/dns-failover/history.sqlite').size"))
  expect(size).toBeGreaterThan(0)
})

it('ends within 2 s of SIGTERM, with exit code 0, leaves the records, and has logged no secret', async () => {
  const { exitCode, tookMs } = await container.stop()
  process.stdout.write(`stopped after ${tookMs.toFixed(0)} ms\n`)
  expect(exitCode).toBe(0)
  expect(tookMs).toBeLessThan(2_000)
  expect(await published()).toEqual([msk, ams])
  const logs = await container.logs()
  expect(logs).not.toContain(ddnsKey.secret)
  expect(logs.trim().split('\n').map((line) => typeof JSON.parse(line))).not.toContain('string')
})
