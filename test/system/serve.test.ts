import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ddnsKey } from './servers/keys.ts'
import { serverMissing, titled } from './servers/available.ts'
import { ams, type Line, msk, otherName, type ServeBench, type Service, siteName, startServeBench } from './serve-bench.ts'

const missing = serverMissing('named', 'dig', 'nsupdate')

describe.skipIf(missing !== undefined)(titled('dns-failover serve, with BIND', missing), () => {
  let bench: ServeBench
  beforeAll(async () => {
    bench = await startServeBench()
  })
  afterAll(async () => {
    await bench.close()
  })
  beforeEach(async () => {
    await bench.reset()
  })

  /** A service that has published both regions. */
  const started = async (): Promise<Service> => {
    await bench.write()
    const service = bench.start()
    await bench.untilPublished([msk, ams])
    return service
  }

  it('keeps the DNS in line, tells each change once, answers for its health, and ends at once with exit code 0', async () => {
    const service = await started()
    expect(await bench.health()).toEqual({ code: 0, stdout: 'ok: one site is watched\n', stderr: '' })
    bench.regions.set(ams, 'fail')
    await service.until((lines) => lines.some(({ event, removed }) => event === 'written' && String(removed) === ams))
    expect(await bench.published()).toEqual([msk])
    const before = service.lines().length
    bench.regions.set(ams, 'serve')
    await service.until((lines) => lines.slice(before).some(({ event, added }) => event === 'written' && String(added) === ams))
    expect(await bench.published()).toEqual([msk, ams])
    const from = performance.now()
    service.signal('SIGTERM')
    expect(await service.ended).toEqual({ code: 0, signal: null })
    expect(performance.now() - from).toBeLessThan(2_000)
    const lines = service.lines()
    const ofAms = lines.filter(({ address }) => address === ams).map(({ event, site, region, from: was, to, action, rule }) => ({ event, site, region, was, to: to ?? `${String(action)} by ${String(rule)}` }))
    expect(ofAms.slice(-4)).toEqual([
      { event: 'health', site: siteName, region: 'ams', was: 'up', to: 'down' },
      { event: 'decided', site: siteName, region: 'ams', was: 'up', to: 'withhold by down' },
      { event: 'health', site: siteName, region: 'ams', was: 'down', to: 'up' },
      { event: 'decided', site: siteName, region: 'ams', was: 'down', to: 'publish by up' },
    ])
    expect(lines.find(({ event, to }) => event === 'health' && to === 'down')?.['cause']).toBe('status: status 500, expected 200-299, 2 failed checks')
    expect(lines.filter(({ level }) => level === 'debug')).toEqual([])
    expect(JSON.stringify(lines)).not.toContain(ddnsKey.secret)
    const health = await bench.health()
    expect({ code: health.code, stderr: health.stderr }).toEqual({ code: 1, stderr: `error: no service runs on the state directory ${bench.stateDir}\n` })
  })

  it('is unhealthy while it stands still', async () => {
    const service = await started()
    service.signal('SIGSTOP')
    const health = await bench.health()
    expect({ code: health.code, stderr: health.stderr }).toEqual({
      code: 1,
      stderr: `error: the service on ${bench.stateDir} does not answer within 2000 ms: its loop stands still\n`,
    })
    service.signal('SIGCONT')
    expect((await bench.health()).code).toBe(0)
  })

  it('at SIGTERM gives a write that is under way 1.5 s, says what is not known, and settles it at the next start', async () => {
    const service = await started()
    bench.gate.setFate({ kind: 'lose-request' })
    const updates = bench.gate.updates()
    bench.regions.set(ams, 'fail')
    while (bench.gate.updates() === updates) await new Promise((resolve) => setTimeout(resolve, 10))
    const from = performance.now()
    service.signal('SIGTERM')
    expect(await service.ended).toEqual({ code: 0, signal: null })
    expect(performance.now() - from).toBeLessThan(2_000)
    expect(service.lines().filter(({ event }) => event === 'write-unknown')).toHaveLength(1)
    const state = JSON.parse(await readFile(join(bench.stateDir, 'sites', `${siteName}.json`), 'utf8')) as { state: { removals: readonly unknown[] } }
    expect(state.state.removals).toMatchObject([{ address: ams, isUncertain: true }])
    bench.gate.setFate({ kind: 'pass' })
    const next = bench.start()
    await next.until((lines) => lines.some(({ event, removed }) => event === 'written' && String(removed) === ams))
    expect(await bench.published()).toEqual([msk])
  })

  it('ends at once at the second signal', async () => {
    const service = await started()
    bench.gate.setFate({ kind: 'lose-request' })
    const updates = bench.gate.updates()
    bench.regions.set(ams, 'fail')
    while (bench.gate.updates() === updates) await new Promise((resolve) => setTimeout(resolve, 10))
    service.signal('SIGTERM')
    await service.untilSaid('stopping')
    service.signal('SIGTERM')
    // One that waited for the write would end with 0.
    expect(await service.ended).toEqual({ code: 1, signal: null })
  })

  it('says who has the state directory, and ends with exit code 3', async () => {
    const service = await started()
    const second = bench.start()
    expect(await second.ended).toEqual({ code: 3, signal: null })
    expect(second.lines().map(({ message }) => message)).toEqual([expect.stringContaining(`is in use by dns-failover serve (process ${service.child.pid} on `)])
  })

  it('keeps the zone as it is while it is killed and started again and again, one region being down', { timeout: 120_000 }, async () => {
    const first = await started()
    bench.regions.set(ams, 'fail')
    await first.until((lines) => lines.some(({ event, removed }) => event === 'written' && String(removed) === ams))
    const serial = await bench.server.serial()
    const stopWatching = bench.watch()
    let service = first
    for (let kill = 0; kill < 12; kill += 1) {
      service.signal('SIGKILL')
      expect(await service.ended).toEqual({ code: null, signal: 'SIGKILL' })
      service = bench.start()
      const moment = Math.random() * 1_500
      await new Promise((resolve) => setTimeout(resolve, moment))
    }
    await service.until((lines) => lines.some(({ event, address, to }) => event === 'health' && address === ams && to === 'down'))
    expect(await stopWatching()).toEqual([msk])
    expect(await bench.server.serial()).toBe(serial)
    // What was known before the last kill still counts: it comes back as it should.
    bench.regions.set(ams, 'serve')
    await service.until((lines) => lines.some(({ event, added }) => event === 'written' && String(added) === ams))
    expect(await bench.published()).toEqual([msk, ams])
  })

  it('comes to the right end though it is killed in the midst of writing', { timeout: 120_000 }, async () => {
    let service = await started()
    const stopWatching = bench.watch()
    for (let kill = 0; kill < 5; kill += 1) {
      const address = kill % 2 === 0 ? ams : msk
      bench.regions.set(address, 'fail')
      const updates = bench.gate.updates()
      while (bench.gate.updates() === updates) await new Promise((resolve) => setTimeout(resolve, 1))
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10))
      service.signal('SIGKILL')
      await service.ended
      bench.regions.set(address, 'serve')
      service = bench.start()
      await bench.untilPublished([msk, ams])
    }
    const seen = new Set(await stopWatching())
    for (const set of seen) expect([`${msk} ${ams}`, msk, ams]).toContain(set)
  })
})

describe.skipIf(missing !== undefined)(titled('reloads of dns-failover serve, with BIND', missing), () => {
  let bench: ServeBench
  beforeAll(async () => {
    bench = await startServeBench()
  })
  afterAll(async () => {
    await bench.close()
  })

  it('takes what is good, refuses what is bad, touches nothing else, and leaves nothing behind', { timeout: 90_000 }, async () => {
    await bench.write()
    const service = bench.start()
    await bench.untilPublished([msk, ams])
    const reload = async (text: string): Promise<readonly Line[]> => {
      const before = service.lines().length
      service.signal('SIGHUP')
      await service.until((lines) => lines.slice(before).some(({ message }) => message.includes(text)))
      return service.lines().slice(before)
    }

    await bench.write({ more: 'oops: 1\nresolvers: 7\n' })
    const refused = await reload('stays in force')
    expect(refused.filter(({ level }) => level === 'error').map(({ message }) => message.replace(/^\S+:\d+:\d+: /, ''))).toEqual([
      expect.stringMatching(/^unknown key "oops"; known here: version, providers, sites, resolvers, nameservers, .*state$/),
      'must be a list; write [7]',
      'the config was not taken, for the 2 problems above; the one before stays in force. Tokens and all else are as before',
    ])

    await bench.write({ sites: [siteName, otherName] })
    const serial = await bench.server.serial()
    await reload(`${otherName}: added`)
    await service.until((lines) => lines.filter(({ event, site, to }) => event === 'health' && site === otherName && to === 'up').length === 2)
    await bench.untilPublished([msk, ams], otherName)
    expect(await bench.server.serial()).toBeGreaterThan(serial)
    expect(service.lines().filter(({ event, site }) => event === 'health' && site === siteName)).toHaveLength(2)

    await bench.write()
    const removed = await reload('the config was read again')
    expect(removed.map(({ message }) => message)).toContain(`${otherName}: removed from the config; its records are left in the DNS as they are`)
    expect(await bench.published(otherName)).toEqual([msk, ams])

    await bench.write({ check: ', expect: { body: Hello }' })
    const changed = await reload('the config was read again')
    expect(changed.find(({ event }) => event === 'site-restarted')?.['cause']).toBe('its check has changed: its health is unknown until the new one has said so')
    await service.until((lines) => lines.filter(({ event, site, from, to }) => event === 'health' && site === siteName && from === 'unknown' && to === 'up').length === 4)

    const after = await bench.server.serial()
    const openFiles = async (): Promise<number> => (await readdir(`/proc/${service.child.pid}/fd`)).length
    const files = await openFiles()
    for (let round = 0; round < 40; round += 1) {
      await bench.write({ check: round % 2 === 0 ? '' : ', expect: { body: Hello }' })
      await reload('the config was read again')
    }
    expect(await openFiles()).toBeLessThan(files + 10)
    expect(await bench.server.serial()).toBe(after)
    expect(await bench.published()).toEqual([msk, ams])
    service.signal('SIGINT')
    expect(await service.ended).toEqual({ code: 0, signal: null })
  })
})
