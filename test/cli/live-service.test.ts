import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startLiveService } from '../../src/cli/live-service.ts'
import { createCron } from '../../src/compose/cron.ts'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { systemClock } from '../../src/engine/clock.ts'
import type { EngineEvent } from '../../src/engine/events.ts'
import { createZoneAudit } from '../../src/engine/zone-audit.ts'
import { freePort } from '../free-port.ts'
import { makeFolder } from '../store/folder.ts'
import { startRegions } from './regions.ts'

const [msk, ams, hostA, hostB, hostC] = ['127.0.0.22', '127.0.0.23', '127.0.0.24', '127.0.0.25', '127.0.0.26']
const [a, b] = ['a.one.test', 'b.two.test']

it('goes on with what runs where a provider starts neither as it should nor as it was, and takes the rest back later', async () => {
  const dir = await makeFolder()
  const regions = await startRegions([msk, ams])
  onTestFinished(() => regions.close())
  const { port } = regions
  const load = async (twoAt: string, fall: number, names: string): Promise<Config> => {
    const site = (name: string, provider: string): string => `
  ${name}:
    ${names === '' ? '' : `names: [${name}, ${names}.${name}]`}
    provider: ${provider}
    allowPrivate: true
    regions: { msk: { addresses: [${msk}] }, ams: { addresses: [${ams}] } }
    check: { url: "http://{site}:${port}/", every: 300ms, fall: ${fall}, rise: 2, confirmSpan: 100ms, timeout: 400ms }`
    const file = join(dir, 'dns-failover.yaml')
    await writeFile(
      file,
      `version: 1
state: ./state
providers:
  one: { type: embedded, listen: "${hostA}:${port}", zone: one.test }
  two: { type: embedded, listen: "${twoAt}:${port}", zone: two.test }
sites:${site(a, 'one')}${site(b, 'two')}
`,
    )
    const loaded = await loadConfig(file, {})
    if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('; '))
    return loaded.config
  }
  const lines: string[] = []
  const log = (_: string, message: string): void => void lines.push(message)
  const cron = createCron({ clock: systemClock, log })
  const live = await startLiveService(await load(hostB, 2, 'www'), { clock: systemClock, cron, audit: createZoneAudit(systemClock), log, report: () => undefined, onProviderCall: () => undefined })
  onTestFinished(() => live.stop())
  const watched = (): readonly string[] => live.pulses().map(({ site }) => site)
  // After a stop nobody begins.
  await live.begin(AbortSignal.abort())
  expect(watched()).toEqual([])
  await live.begin(new AbortController().signal)
  expect(watched()).toEqual([a, b])

  const zone = join(dir, 'state', 'zones', 'two.test.json')
  await rm(zone, { force: true })
  await mkdir(zone, { recursive: true })
  const refused = await live.follow(await load(hostC, 3, 'www'))
  expect(refused).toMatchObject({ kind: 'refused', unwatched: [b], error: { code: 'provider-start', provider: 'two' } })
  expect(watched()).toEqual([a])
  expect(lines.filter((line) => line.startsWith(`${b}: not watched any more, for its provider "two" does not start again: `))).toHaveLength(1)

  await rm(zone, { recursive: true })
  expect(await live.follow(await load(hostC, 3, ''))).toEqual({ kind: 'taken' })
  expect(watched()).toEqual([a, b])
  expect(lines).toContain(`${a}: www.${a} is no name of it any more; the records there are left in the DNS as they are`)
  expect(lines).toContain(`${b}: added`)
})

it('has the tokens of a reload that changes nothing else', async () => {
  const dir = await makeFolder()
  const port = await freePort()
  const load = async (token: string): Promise<Config> => {
    const file = join(dir, 'dns-failover.yaml')
    await writeFile(
      file,
      `version: 1
state: ./state
providers: { one: { type: embedded, listen: "${hostA}:${port}", zone: one.test } }
api: { tokens: { ops: { token: ${token}, scopes: [operate] } } }
sites:
  ${a}: { allowPrivate: true, regions: { msk: { addresses: [${msk}] }, ams: { addresses: [${ams}] } }, check: { url: "http://{site}:9/", every: 1h } }
`,
    )
    const loaded = await loadConfig(file, {})
    if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('; '))
    return loaded.config
  }
  const lines: string[] = []
  const log = (_: string, message: string): void => void lines.push(message)
  const live = await startLiveService(await load('old-token-0123456789'), { clock: systemClock, cron: createCron({ clock: systemClock, log }), audit: createZoneAudit(systemClock), log, report: () => undefined, onProviderCall: () => undefined })
  await live.begin(new AbortController().signal)
  onTestFinished(() => live.stop())
  const tokens = (): readonly string[] => live.config().api.tokens.map(({ token }) => token.reveal())

  expect(await live.follow(await load('old-token-0123456789'))).toEqual({ kind: 'taken' })
  expect(lines).toContain('the config was read again and says the same')
  expect(await live.follow(await load('new-token-0123456789'))).toEqual({ kind: 'taken' })
  expect(lines.at(-1)).toBe('the config was read again: nothing changes for any site, and the rest is taken')
  expect(tokens()).toEqual(['new-token-0123456789'])
})

it('has a drain go on for a region that a reload calls otherwise, and says of one that it takes away that the drain is astray', async () => {
  const dir = await makeFolder()
  const port = await freePort()
  const load = async (regions: string): Promise<Config> => {
    const file = join(dir, 'dns-failover.yaml')
    await writeFile(
      file,
      `version: 1
state: ./state
providers: { one: { type: embedded, listen: "${hostA}:${port}", zone: one.test } }
sites:
  ${a}: { allowPrivate: true, regions: { ${regions}, ams: { addresses: [${ams}] } }, check: { url: "http://{site}:9/", every: 1h } }
`,
    )
    const loaded = await loadConfig(file, {})
    if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('; '))
    return loaded.config
  }
  const told: string[] = []
  const report = (event: EngineEvent): void => {
    const isTold = event.kind === 'drained' || event.kind === 'undrained' || event.kind === 'order-astray' || event.kind === 'order-followed'
    if (isTold) told.push(`${event.kind} ${event.region}`)
  }
  const live = await startLiveService(await load(`msk: { addresses: [${msk}] }`), { clock: systemClock, cron: createCron({ clock: systemClock, log: () => undefined }), audit: createZoneAudit(systemClock), log: () => undefined, report, onProviderCall: () => undefined })
  await live.begin(new AbortController().signal)
  onTestFinished(() => live.stop())
  const isTold = (count: number): Promise<void> => vi.waitUntil(() => told.length >= count, { timeout: 60_000, interval: 20 }).then(() => undefined)
  await live.orderStore().setDrain(a, 'msk', { forMs: 3_600_000, reason: 'kernel', by: 'eve', isForced: false })
  await isTold(1)
  await live.follow(await load(`moscow: { addresses: [${msk}] }`))
  await isTold(3)
  await live.follow(await load(`spb: { addresses: [${hostB}] }`))
  await isTold(4)
  expect(told).toEqual(['drained msk', 'order-followed moscow', 'drained moscow', 'order-astray moscow'])
})
