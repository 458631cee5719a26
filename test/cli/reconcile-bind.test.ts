import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { DecodedPacket } from 'dns-packet'
import { endpointText } from '../../src/core/endpoint.ts'
import { acquireLock } from '../../src/store/lock.ts'
import { a, answerTo, soa, startDnsServer } from '../fakes/dns-server.ts'
import { serverMissing, titled } from '../system/servers/available.ts'
import { openGate } from '../system/servers/tcp-gate.ts'
import { amsAddress, type BindBench, mskAddress, startBindBench } from './bind-bench.ts'

const missing = serverMissing('named', 'nsupdate', 'dig')

describe.skipIf(missing !== undefined)(titled('dns-reconcile with BIND 9', missing), () => {
  let bench: BindBench
  beforeAll(async () => {
    bench = await startBindBench()
  })
  afterAll(() => bench?.close())
  beforeEach(() => bench.reset())
  afterEach(() => bench.server.signal('SIGCONT'))

  /** A name server that answers for the zone as `site` says, and truly for the service subdomains. */
  const startNameServer = async (site: (query: DecodedPacket) => Buffer): Promise<string> => {
    const truth: Readonly<Record<string, string>> = { 'msk.cli.example': mskAddress, 'ams.cli.example': amsAddress }
    const answer = (query: DecodedPacket): Buffer => {
      const question = query.questions?.[0]
      const name = question?.name.toLowerCase() ?? ''
      if (question?.type === 'SOA') return answerTo(query, [soa('cli.example', 1)])
      if (name === bench.siteName) return site(query)
      const data = truth[name]
      return answerTo(query, data !== undefined && question?.type === 'A' ? [a(name, data)] : [])
    }
    const server = await startDnsServer({ udp: ({ query, send }) => send(answer(query)) })
    onTestFinished(() => server.close())
    return endpointText(server.endpoint)
  }

  const nobodyThere = async (): Promise<string> => {
    const gate = await openGate(bench.server.endpoint)
    await gate.close()
    return endpointText(gate.endpoint)
  }

  it('converges, says each step, and plans nothing the second time', async () => {
    const first = await bench.run([])
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' })
    expect(await bench.published()).toEqual([mskAddress, amsAddress])
    const steady = first.stdout.replaceAll(/\d\d:\d\d:\d\d/g, 'TIME').replaceAll(/[\d.]+ m?s\b/g, 'N ms').replaceAll(/127\.0\.0\.1:\d+/g, 'SERVER').replaceAll(/ +/g, ' ')
    expect(steady).toBe(
      [
        'failover.cli.example',
        ' REGION ADDRESS VERDICT CAUSE LATENCY DNS',
        ' msk 127.0.0.2 up since TIME - N ms published: up',
        ' ams 127.0.0.3 up since TIME - N ms published: up',
        ' failover.cli.example A: written',
        ' + 127.0.0.2 up',
        ' + 127.0.0.3 up',
        ' ~ the ownership mark names the values that are ours',
        ' ~ a new set, TTL 60',
        ' failover.cli.example A at the name servers',
        ' SERVER agrees after N ms',
        " in effect after N ms; there was no such record before, and who has asked in vain may remember that for as long as the zone's SOA says",
        '',
      ].join('\n'),
    )
    const zone = await bench.server.transfer()
    const second = await bench.run([])
    expect({ code: second.code, isQuiet: second.stdout.includes('\n  nothing to change\n') }).toEqual({ code: 0, isQuiet: true })
    expect(await bench.server.transfer()).toEqual(zone)
  })

  it('withdraws what fails and takes it back, with reasons as data', async () => {
    await bench.run([])
    bench.regions.set(amsAddress, 'fail')
    const { sites, ...run } = await bench.report([])
    const [site] = sites
    expect(site?.holds).toEqual([])
    expect(run).toEqual({ version: 1, exitCode: 0, dryRun: false })
    expect(site?.outcome).toBe('applied')
    expect(site?.addresses.map(({ address, region, verdict, cause, httpStatus }) => ({ address, region, verdict, cause, httpStatus }))).toEqual([
      { address: mskAddress, region: 'msk', verdict: 'up', cause: null, httpStatus: 200 },
      { address: amsAddress, region: 'ams', verdict: 'down', cause: 'status', httpStatus: 500 },
    ])
    expect(site?.changes).toEqual([
      {
        name: bench.siteName,
        type: 'A',
        before: { values: [mskAddress, amsAddress], ttl: 60 },
        after: { values: [mskAddress], ttl: 60 },
        reasons: [
          { address: mskAddress, action: 'keep', rule: 'up', text: 'up' },
          { address: amsAddress, action: 'remove', rule: 'down', text: expect.stringMatching(/^status \(status 500, expected 200-299\), \d failed checks while .* answered$/) },
          { address: null, action: 'mark', rule: 'mark', text: 'the ownership mark names the values that are ours' },
        ],
        guard: { allowed: true, code: null, text: null },
        applied: true,
      },
    ])
    expect(site?.verifications).toMatchObject([{ outcome: 'agreed', expected: [mskAddress], servers: [{ standing: 'agrees', values: [mskAddress], detail: null }] }])
    expect(Math.round((site?.verifications[0]?.movedAfterMs ?? 0) / 1000)).toBe(60)
    expect(await bench.published()).toEqual([mskAddress])
    bench.regions.set(amsAddress, 'serve')
    expect((await bench.run([])).code).toBe(0)
    expect(await bench.published()).toEqual([mskAddress, amsAddress])
  })

  it('writes nothing at all in a dry run, and exits 2 when there is something to do', async () => {
    const [empty, zone] = [await bench.stateFiles(), await bench.server.transfer()]
    const { stdout, ...first } = await bench.run(['--dry-run'])
    expect(first).toEqual({ code: 2, stderr: '' })
    expect(stdout).toContain('failover.cli.example A: would be written\n    + 127.0.0.2  up\n')
    expect([await bench.stateFiles(), await bench.server.transfer()]).toEqual([empty, zone])
    await bench.run([])
    bench.regions.set(amsAddress, 'fail')
    const [state, later] = [await bench.stateFiles(), await bench.server.transfer()]
    const report = await bench.report(['--dry-run'])
    expect({ exitCode: report.exitCode, dryRun: report.dryRun, outcome: report.sites[0]?.outcome, applied: report.sites[0]?.changes.map(({ applied }) => applied) }).toEqual({
      exitCode: 2,
      dryRun: true,
      outcome: 'planned',
      applied: [false],
    })
    expect([await bench.stateFiles(), await bench.server.transfer()]).toEqual([state, later])
  })

  it('leaves what it could not decide in time, and exits 3', async () => {
    await bench.run([])
    bench.regions.set(amsAddress, 'hang')
    const report = await bench.report(['--timeout', '2s'], { timeout: '10s' })
    expect({ exitCode: report.exitCode, outcome: report.sites[0]?.outcome, holds: report.sites[0]?.holds }).toEqual({
      exitCode: 3,
      outcome: 'held',
      holds: [{ kind: 'undecided', address: amsAddress, text: '127.0.0.3 (ams) could not be decided in this run: it stays as it is (a verdict needs 10.3 s, --timeout is 2 s)' }],
    })
    expect(await bench.published()).toEqual([mskAddress, amsAddress])
  })

  it('counts an address that has never passed as held only while it is published', async () => {
    bench.regions.set(amsAddress, 'fail')
    expect((await bench.report([])).exitCode).toBe(0)
    expect(await bench.published()).toEqual([mskAddress])
    await bench.reset()
    bench.regions.set(amsAddress, 'fail')
    await bench.server.edit({ add: [{ name: bench.siteName, type: 'A', ttl: 60, data: amsAddress }] })
    const report = await bench.report([])
    expect({ exitCode: report.exitCode, holds: report.sites[0]?.holds.map(({ kind, address }) => ({ kind, address })) }).toEqual({
      exitCode: 3,
      holds: [{ kind: 'never-passed', address: amsAddress }],
    })
    expect(await bench.published()).toEqual([mskAddress, amsAddress])
  })

  it('fails open when all are down while a name server answers', async () => {
    await bench.run([])
    bench.regions.set(mskAddress, 'fail')
    bench.regions.set(amsAddress, 'fail')
    const { exitCode, sites } = await bench.report([])
    expect({ exitCode, mode: sites[0]?.modes[0]?.mode, holds: sites[0]?.holds }).toEqual({
      exitCode: 3,
      mode: 'fail-open',
      holds: [{ kind: 'fail-open', address: null, text: `${bench.siteName} A fails open: fewer addresses are up than "failOpenBelow" says (1); heal a region` }],
    })
    expect(await bench.published()).toEqual([mskAddress, amsAddress])
  })

  it('moves nothing while it is blind, and says so', async () => {
    await bench.run([])
    bench.regions.set(mskAddress, 'fail')
    bench.regions.set(amsAddress, 'fail')
    const nobody = await nobodyThere()
    const report = await bench.report([], { nameservers: [nobody] })
    const [site] = report.sites
    expect({ exitCode: report.exitCode, modes: site?.modes.map(({ mode }) => mode)[0], kinds: [...new Set(site?.holds.map(({ kind }) => kind))].toSorted() }).toEqual({
      exitCode: 3,
      modes: 'blind',
      kinds: ['blind', 'unresolved'],
    })
    expect(await bench.published()).toEqual([mskAddress, amsAddress])
  })

  it('names who holds the lock, and exits 3; a dry run needs none', async () => {
    const lock = await acquireLock(bench.stateDir, { command: 'dns-failover serve' })
    if (lock.kind !== 'held') throw new Error('not held')
    onTestFinished(() => lock.release())
    const { code, stdout, stderr } = await bench.run([])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain(`error: the state directory ${bench.stateDir} is in use by dns-failover serve (process ${process.pid} on `)
    const report = await bench.report([])
    expect(report).toMatchObject({ exitCode: 3, sites: [], error: { code: 'locked', holder: { pid: process.pid, command: 'dns-failover serve' } } })
    expect(await bench.published()).toEqual([])
    expect((await bench.run(['--dry-run'])).code).toBe(2)
  })

  it('says that the provider cannot be reached, and what to do', async () => {
    const nobody = await nobodyThere()
    const { code, stdout } = await bench.run([], { server: nobody })
    expect(code).toBe(1)
    expect(stdout).toContain(`  error: cannot read from ${nobody} (zone cli.example): the connection was refused: nothing listens there on TCP`)
    expect(stdout).toContain('         nothing was changed\n         run again later; the provider does not answer now\n')
    const report = await bench.report([], { server: nobody })
    expect(report).toMatchObject({ exitCode: 1, sites: [{ outcome: 'failed', error: { code: 'unavailable', outcome: 'unchanged' } }] })
  })

  it('exits 4 when a name server never agrees, and shows what it has', async () => {
    const stale = await startNameServer((query) => answerTo(query, query.questions?.[0]?.type === 'A' ? [a(bench.siteName, '192.0.2.99', 300)] : []))
    const nameservers = [endpointText(bench.server.endpoint), stale]
    const { code, stdout } = await bench.run(['--verify-timeout', '300ms'], { nameservers })
    expect(code).toBe(4)
    expect(stdout).toContain('differs: has 192.0.2.99')
    expect(await bench.published()).toEqual([mskAddress, amsAddress])
    await bench.reset()
    const report = await bench.report(['--verify-timeout', '300ms'], { nameservers })
    expect(report.sites[0]).toMatchObject({ outcome: 'unverified', verifications: [{ outcome: 'disagreed', movedAt: null, servers: [{ standing: 'agrees' }, { standing: 'differs' }] }] })
  })

  it('exits 4 when no name server answers for the zone', async () => {
    const lame = await startNameServer((query) => answerTo(query, [], { rcode: 5 }))
    const { code, stdout } = await bench.run([], { nameservers: [lame] })
    expect(code).toBe(4)
    expect(stdout).toContain('lame: answered REFUSED for the zone cli.example')
    expect(stdout).toContain('not confirmed: no name server answers for the zone; check "nameservers:" in the config')
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('ends on %s while it checks, with nothing written', async (signal) => {
    bench.regions.set(mskAddress, 'hang')
    bench.regions.set(amsAddress, 'hang')
    const zone = await bench.server.transfer()
    const asked = bench.regions.nextRequest()
    const running = await bench.start(['--json'])
    await asked
    const startedAt = performance.now()
    running.child.kill(signal)
    const { code, stdout } = await running.ended
    expect(performance.now() - startedAt).toBeLessThan(2000)
    const [site] = JSON.parse(stdout).sites
    expect({ code, outcome: site.outcome, holds: site.holds, unresolved: site.unresolved, error: site.error }).toEqual({ code: 1, outcome: 'interrupted', holds: [], unresolved: [], error: undefined })
    expect(await bench.server.transfer()).toEqual(zone)
  })

  it('ends on SIGTERM in the middle of an update, and says that its outcome is unknown', async () => {
    const gate = await openGate(bench.server.endpoint)
    onTestFinished(() => gate.close())
    const updating = new Promise<void>((resolve) =>
      gate.setFate({
        kind: 'before',
        run: () => {
          bench.server.signal('SIGSTOP')
          resolve()
        },
      }),
    )
    const running = await bench.start([], { server: endpointText(gate.endpoint) })
    await updating
    const startedAt = performance.now()
    running.child.kill('SIGTERM')
    const { code, stdout } = await running.ended
    expect(performance.now() - startedAt).toBeLessThan(2000)
    expect(code).toBe(1)
    expect(stdout).toContain('A: sent, outcome unknown\n')
    expect(stdout).toContain('interrupted: a write was under way; the next run reads what became of it\n')
    expect(stdout).not.toMatch(/not written|nothing more was written|does not answer now|held: /)
    expect(stdout).toMatch(/may or may not have been made/)
  })
})
