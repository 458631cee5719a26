import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runHere } from './here.ts'
import { makeOperatorBench, type OperatorBench, siteName } from './operator-bench.ts'
import { type Ended, runProgram, startProgram } from './program.ts'

const token = 'operate-token-0123456789'
const readToken = 'read-token-0123456789ab'

const withApi = (port: number, config: string): string =>
  `${config
    .replace('    allowPrivate: true\n', '    allowPrivate: true\n    ttl: 1\n')
    .replace('confirmSpan: 100ms', 'every: 200ms, confirmSpan: 100ms')}api:\n  listen: 127.0.0.10:${port}\n  tokens:\n    ops: { token: ${token}, scopes: [operate] }\n    eyes: { token: ${readToken}, scopes: [read] }\n`

const json = ({ stdout }: Ended): Record<string, unknown> & { readonly sites?: readonly Record<string, unknown>[]; readonly error?: { readonly code: string; readonly message: string } } => JSON.parse(stdout)

const listOf = <T>(value: unknown): readonly T[] => (Array.isArray(value) ? (value as readonly T[]) : [])

interface Service {
  readonly bench: OperatorBench
  readonly url: string
  readonly pid: number
  /** A verb with the config. */
  ask(...args: readonly string[]): Promise<Ended>
  condition(): Promise<unknown>
}

/** A service of its own process, watching a site that is healthy. */
const startService = async (): Promise<Service> => {
  let port = 0
  const bench = await makeOperatorBench((config) => {
    port = Number(/http:\/\/\{site\}:(?<port>\d+)/.exec(config)?.groups?.['port'])
    return withApi(port, config)
  })
  const { child } = startProgram('dns-failover', ['serve', '--config', bench.config])
  const ask: Service['ask'] = (...args) => runHere([...args, '--config', bench.config])
  const condition = async (): Promise<unknown> => {
    const report = json(await ask('status', '--json'))
    return report['via'] === 'service' ? report.sites?.[0]?.['condition'] : undefined
  }
  await expect.poll(condition, { timeout: 150_000, interval: 100 }).toBe('healthy')
  return { bench, url: `http://127.0.0.10:${port}`, pid: child.pid ?? 0, ask, condition }
}

it('a service is operated from the command line', async () => {
  const { ask, url, bench } = await startService()

  const dry = await ask('drain', 'msk', '--for', '1h', '--reason', 'kernel', '--dry-run', '--json')
  expect({ code: dry.code, ...json(dry) }).toMatchObject({ code: 2, via: 'service', outcome: 'planned', drain: null })

  const drained = await ask('drain', 'msk', '--for', '1h', '--reason', 'kernel', '--wait')
  expect({ code: drained.code, isSafe: drained.stdout.includes('msk is safe to reboot since ') }).toEqual({ code: 0, isSafe: true })
  expect(drained.stderr).toContain('caches: every name server answers without it')
  const shown = await ask('status')
  expect(shown.stdout).toContain(`${siteName}  DRAINED  msk is drained: kernel\n`)
  expect(shown.stdout).toMatch(/msk +127\.0\.0\.5 +up .* out\n/)
  expect(shown.stdout).toMatch(/msk drained for 59 min more: kernel\n +safe to reboot since \d\d:\d\d:\d\d\n/)

  const refused = await ask('drain', 'ams', '--for', '1h', '--reason', 'kernel', '--json')
  expect({ code: refused.code, error: json(refused).error?.code }).toEqual({ code: 3, error: 'floor' })
  expect(json(refused).error?.message).toContain('--force')

  const explained = json(await ask('explain', '--json', '--address', '127.0.0.5')).sites?.[0]
  expect(explained).toMatchObject({ knowledge: 'service', addresses: [{ drained: 'kernel', sets: [{ published: false, rule: 'drained' }] }] })

  expect((await ask('undrain', 'msk')).code).toBe(0)
  const unchanged = await ask('undrain', 'msk', '--json')
  expect({ code: unchanged.code, outcome: json(unchanged)['outcome'] }).toEqual({ code: 0, outcome: 'unchanged' })

  const tokenFile = join(bench.dir, 'token')
  await writeFile(tokenFile, `${token}\n`)
  const forced = await runHere(['force', 'down', 'ams', '--for', '10m', '--reason', 'old files', '--json', '--url', url, '--token-file', tokenFile])
  expect({ code: forced.code, ...json(forced) }).toMatchObject({ code: 0, outcome: 'done', force: { to: 'down', by: 'ops (api)' } })
  const isRead = await runHere(['unforce', 'ams', '--url', url], { DNS_FAILOVER_TOKEN: readToken })
  expect({ code: isRead.code, isTold: isRead.stderr.includes('operate') }).toEqual({ code: 1, isTold: true })
  const isNone = await runHere(['status'], { DNS_FAILOVER_URL: url })
  expect(isNone.code).toBe(1)
  const byEnv = await runHere(['unforce', 'ams'], { DNS_FAILOVER_URL: url, DNS_FAILOVER_TOKEN: token })
  expect(byEnv.code).toBe(0)
  const wrong = 'wrong-token-0123456789'
  const stranger = await runHere(['status', '--json'], { DNS_FAILOVER_URL: url, DNS_FAILOVER_TOKEN: wrong })
  expect({ code: stranger.code, hasToken: `${stranger.stdout}${stranger.stderr}`.includes(wrong) }).toEqual({ code: 1, hasToken: false })

  const events = json(await ask('events', '--json', '--kind', 'operator', '--since', '1h'))
  const texts = listOf<{ readonly text: string }>(events['events']).map(({ text }) => text)
  expect(texts[0]).toContain('drain msk, ordered by ')
  expect(texts.at(-1)).toContain('unforce ams, ordered by ops (api): done')

  const nowhere = siteName.replace('example', 'exmple')
  for (const [verb, ...args] of [['events', '--site', nowhere], ['report', '--site', nowhere], ['events', '--region', 'mask'], ['events', '--kind', 'drianed']] as const) {
    const mistyped = await ask(verb, ...args, '--json')
    expect({ verb, code: mistyped.code, exitCode: json(mistyped)['exitCode'], message: json(mistyped).error?.message }).toMatchObject({ verb, code: 64, exitCode: 64, message: expect.stringContaining('; did you mean "') })
  }
  expect((await ask('events', '--site', siteName, '--kind', 'promoted')).code).toBe(0)

  const report = await ask('report')
  // Two samples five seconds apart are the least that counts as watched.
  expect(report.stdout).toMatch(/one\.example\.test +(?:100\.000 %|not watched)/)
}, 180_000)

it('pause, resume and reconcile ask the service; dns-reconcile says who has the lock', async () => {
  const { ask, bench, condition } = await startService()
  expect((await ask('pause', '--for', '1h', '--reason', 'a move')).stdout).toContain(`${siteName}: paused until `)
  expect(await condition()).toBe('paused')
  bench.regions.set('127.0.0.6', 'fail')
  await expect.poll(async () => JSON.stringify(json(await ask('explain', '--json')))).toContain('"rule":"down"')
  const held = await ask('reconcile', '--json')
  expect({ code: held.code, holds: listOf<{ readonly kind: string }>(json(held).sites?.[0]?.['holds']).map(({ kind }) => kind) }).toEqual({ code: 3, holds: ['paused'] })
  const drained = await ask('drain', 'ams', '--for', '1h', '--reason', 'kernel', '--wait')
  expect({ code: drained.code, isTold: drained.stderr.includes('the site is paused by ') }).toEqual({ code: 3, isTold: true })
  expect((await ask('undrain', 'ams')).code).toBe(3)
  expect((await ask('resume')).stdout).toBe(`${siteName}: resumed\n`)
  const done = await ask('reconcile', '--json')
  const site = json(done).sites?.[0]
  expect({ code: done.code, verdicts: listOf<{ readonly verdict: string }>(site?.['addresses']).map(({ verdict }) => verdict) }).toEqual({ code: 0, verdicts: ['up', 'down'] })
  const busy = await runProgram('dns-reconcile', ['--config', bench.config])
  expect({ code: busy.code, isNamed: busy.stderr.includes('is in use by dns-failover serve') }).toEqual({ code: 3, isNamed: true })
}, 180_000)

it('events are followed as they happen', async () => {
  const { ask, bench } = await startService()
  const reader = startProgram('dns-failover', ['events', '--follow', '--json', '--kind', 'drained,undrained', '--config', bench.config])
  const lines: string[] = []
  reader.child.stdout?.on('data', (chunk: Buffer) => lines.push(...chunk.toString().split('\n').filter((line) => line !== '')))
  expect((await ask('drain', 'msk', '--for', '10m', '--reason', 'kernel')).code).toBe(0)
  expect((await ask('undrain', 'msk')).code).toBe(0)
  await expect.poll(() => lines.map((line) => (JSON.parse(line) as { readonly kind: string }).kind), { timeout: 30_000 }).toEqual(['drained', 'undrained'])
  reader.child.kill('SIGINT')
  expect((await reader.ended).code).toBe(0)

  // As `| head` does: it has read enough, and goes.
  const enough = startProgram('dns-failover', ['events', '--follow', '--config', bench.config])
  await new Promise((resolve) => enough.child.stdout?.once('data', resolve))
  enough.child.stdout?.destroy()
  await expect.poll(async () => {
    await ask('undrain', 'msk')
    await ask('drain', 'msk', '--for', '10m', '--reason', 'kernel')
    return enough.child.exitCode
  }, { timeout: 45_000, interval: 100 }).toBe(0)
}, 180_000)

it('beside a service that hangs nothing is done', async () => {
  const { ask, pid } = await startService()
  process.kill(pid, 'SIGSTOP')
  onTestFinished(() => void process.kill(pid, 'SIGCONT'))
  const [seen, drained] = await Promise.all([ask('status'), ask('drain', 'msk', '--for', '1h', '--reason', 'kernel')])
  for (const { code, stdout, stderr } of [seen, drained]) expect({ code, stdout, isTold: stderr.includes('does not answer within 5 s: it hangs, or is stopped') }).toEqual({ code: 1, stdout: '', isTold: true })
}, 180_000)

it('a wait that is interrupted leaves the drain in force, and says so', async () => {
  const { ask, bench } = await startService()
  const waiting = startProgram('dns-failover', ['drain', 'msk', '--for', '1h', '--reason', 'kernel', '--wait', '--config', bench.config])
  await new Promise<void>((resolve) => waiting.child.stderr?.on('data', (chunk: Buffer) => chunk.toString().includes('caches') && resolve()))
  waiting.child.kill('SIGINT')
  const { code, stderr } = await waiting.ended
  expect({ code, isTold: stderr.includes('the wait was interrupted; the drain stays in force') }).toEqual({ code: 1, isTold: true })
  expect((await ask('status')).stdout).toContain('msk drained for 59 min more: kernel')
}, 180_000)
