import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { DoctorReport } from '../../src/cli/doctor/doctor.ts'
import type { ExplainReport } from '../../src/cli/render/explain-report.ts'
import { acquireLock } from '../../src/store/lock.ts'
import { serverMissing, titled } from '../system/servers/available.ts'
import { openGate } from '../system/servers/tcp-gate.ts'
import { endpointText } from '../../src/core/endpoint.ts'
import { amsAddress, type BindBench, mskAddress, startBindBench } from './bind-bench.ts'

const missing = serverMissing('named', 'nsupdate', 'dig')
const stranger = '127.0.0.9'

describe.skipIf(missing !== undefined)(titled('the operator’s verbs with BIND 9', missing), () => {
  let bench: BindBench
  beforeAll(async () => {
    bench = await startBindBench()
  })
  afterAll(() => bench?.close())
  beforeEach(() => bench.reset())

  const addStranger = (): Promise<void> => bench.server.edit({ add: [{ name: bench.siteName, type: 'A', ttl: 60, data: stranger }] })
  const marks = async (): Promise<readonly string[]> =>
    (await bench.server.transfer()).filter(({ name }) => name.startsWith('_dns-failover-')).map(({ data }) => data.replaceAll('"', ''))
  const json = async <T>(name: string, args: readonly string[] = []): Promise<T & { readonly exitCode: number }> => {
    const { code, stdout, stderr } = await bench.verb(name, [...args, '--json'])
    expect(`${stdout}${stderr}`).not.toContain(bench.secret)
    const report = JSON.parse(stdout)
    expect(report.exitCode).toBe(code)
    return report
  }

  it('pause, explain and resume while a service holds the lock', async () => {
    await bench.run([])
    const lock = await acquireLock(bench.stateDir, { command: 'dns-failover serve' })
    if (lock.kind !== 'held') throw new Error('not held')
    onTestFinished(() => lock.release())
    expect((await bench.verb('pause', ['--for', '1h', '--reason', 'moving'])).code).toBe(0)
    const zone = await bench.server.transfer()
    const [site] = (await json<ExplainReport>('explain')).sites
    expect({ pause: site?.pause?.reason, rules: site?.addresses.flatMap(({ sets }) => sets.map(({ rule, published, ours }) => ({ rule, published, ours }))) }).toEqual({
      pause: 'moving',
      rules: [{ rule: 'up', published: true, ours: true }, { rule: 'up', published: true, ours: true }],
    })
    await lock.release()
    bench.regions.set(amsAddress, 'fail')
    const paused = await bench.run([])
    expect({ code: paused.code, isTold: /held: paused until .* moving; nothing was written/.test(paused.stdout) }).toEqual({ code: 3, isTold: true })
    expect(await bench.server.transfer()).toEqual(zone)
    expect((await bench.verb('resume', [])).code).toBe(0)
    expect((await bench.run([])).code).toBe(0)
    expect(await bench.published()).toEqual([mskAddress])
  })

  it('adopt and give up write nothing but the mark', async () => {
    await bench.run([])
    await addStranger()
    const rest = async (): Promise<unknown> => (await bench.server.transfer()).filter(({ name, type }) => type !== 'SOA' && !name.startsWith('_dns-failover-'))
    const before = await rest()
    expect((await bench.verb('adopt', [stranger])).code).toBe(2)
    expect(await marks()).toEqual([`dns-failover v=1 ours=${mskAddress},${amsAddress}`])
    expect((await bench.verb('adopt', [stranger, '--yes'])).code).toBe(0)
    expect(await marks()).toEqual([`dns-failover v=1 ours=${mskAddress},${amsAddress},${stranger}`])
    expect((await bench.verb('adopt', ['--give-up', stranger, '--yes'])).code).toBe(0)
    expect(await marks()).toEqual([`dns-failover v=1 ours=${mskAddress},${amsAddress}`])
    expect(await rest()).toEqual(before)
  })

  it('release leaves every configured address, no mark, and name servers that agree', async () => {
    await bench.run([])
    bench.regions.set(amsAddress, 'fail')
    await bench.run([])
    expect(await bench.published()).toEqual([mskAddress])
    const { code, stdout } = await bench.verb('release', [bench.siteName, '--yes'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/ {4}\+ 127\.0\.0\.3 {2}region ams, failed when .*\n[^]* in effect after /)
    expect(await bench.published()).toEqual([mskAddress, amsAddress])
    expect(await marks()).toEqual([])
  })

  it('doctor is content, and says what is amiss with the provider and its key', async () => {
    await bench.run([])
    const zone = await bench.server.transfer()
    const well = await json<DoctorReport>('doctor')
    expect({ exitCode: well.exitCode, failed: well.findings.filter(({ status }) => status === 'fail') }).toEqual({ exitCode: 0, failed: [] })
    expect(well.findings.filter(({ area }) => area === 'name servers').map(({ text }) => text.replace(/\d+ ms/, 'N ms'))).toEqual([`${endpointText(bench.server.endpoint)} answers in N ms, as the provider says`])
    expect(await bench.server.transfer()).toEqual(zone)
    const gate = await openGate(bench.server.endpoint)
    await gate.close()
    const { code, stdout } = await bench.verb('doctor', [], { server: endpointText(gate.endpoint) })
    expect({ code, isTold: stdout.includes('fail  provider: cannot read from'), isAdvised: stdout.includes('-> run again later; the provider does not answer now') }).toEqual({ code: 1, isTold: true, isAdvised: true })
  })
})
