import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'dns-packet'
import { describe, expect, test } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { ScriptReport } from '../../src/demo/script-report.ts'
import { decoded, exchangeUdp } from '../fakes/dns-exchange.ts'
import { childrenOf, eventually, isAlive, startDemo, takenPort } from './demo-process.ts'

const [msk, ams, fra] = ['127.0.1.1', '127.0.1.2', '127.0.1.3'] as const

const steps: readonly (readonly [title: string, expected: readonly string[], boundMs: number])[] = [
  ['start', [msk, ams, fra], 6200],
  ['kill msk', [ams, fra], 1600],
  ['heal msk', [msk, ams, fra], 4850],
  ['freeze ams', [msk, fra], 2400],
  ['heal ams', [msk, ams, fra], 4850],
  ['500 from fra', [msk, ams], 1600],
  ['heal fra', [msk, ams, fra], 4850],
  ['wrong page msk', [ams, fra], 1600],
  ['heal msk', [msk, ams, fra], 4850],
  ['kill msk', [ams, fra], 1600],
  ['500 from ams', [fra], 1600],
  ['kill fra', [msk, ams, fra], 1600],
  ['heal msk', [msk], 4850],
  ['heal ams', [msk, ams], 4850],
  ['heal fra', [msk, ams, fra], 4850],
]

interface Sample {
  readonly at: number
  readonly values: string
}

/** Asks by itself, without any of the demo's code, until it is stopped; keeps what was answered and when. */
const poll = (port: number): { readonly samples: readonly Sample[]; stop(): Promise<void> } => {
  const samples: Sample[] = []
  const stopping = new AbortController()
  const query = encode({ type: 'query', id: 77, questions: [{ name: 'failover.example.test', type: 'A' }] })
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const message = await exchangeUdp({ address: '127.0.0.1' as Address, port }, query, 200)
      const answers = message === undefined ? [] : (decoded(message).answers ?? [])
      const values = answers.flatMap((record) => (record.type === 'A' ? [record.data] : [])).toSorted()
      if (message !== undefined) samples.push({ at: performance.now(), values: values.join(' ') })
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
  }
  const running = run()
  return {
    samples,
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

/** By the first line, which is the dashboard's. */
const dashboardOf = (head: string): { readonly url: string; readonly token: string } => {
  const { url = '', token = '' } = /^Dashboard {2}(?<url>http:\/\/127\.0\.0\.1:\d+\/) {2}token to act there: (?<token>\S+)\n/.exec(head)?.groups ?? {}
  return { url, token }
}

/** What a browser would find there: the page, the sites, and what the token allows. */
const shownBy = async (url: string, token: string): Promise<unknown> => {
  const page = await fetch(url)
  const { sites } = (await (await fetch(`${url}api/v1/overview`)).json()) as { readonly sites: readonly { readonly site: string }[] }
  const signedIn = await fetch(`${url}api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }) })
  const { mayOperate } = (await signedIn.json()) as { readonly mayOperate: boolean }
  return { page: page.status, sites: sites.map(({ site }) => site), mayOperate }
}

describe('the walkthrough', () => {
  // A machine that others keep busy may be too slow for the bounds, and only for these; what is slow by itself fails thrice.
  test('shows every step in real DNS answers within its bound, as another client sees it too', { timeout: 120_000, retry: { count: 2, condition: /within \d+ ms/ } }, async () => {
    const taken = await takenPort()
    const demo = startDemo(['--json', '--port', String(taken)])
    const head = await demo.until((output) => /dig @127\.0\.0\.1 -p \d+ .*\n/.test(output))
    const port = Number(/ -p (\d+) /.exec(head)?.[1])
    expect(head).toContain(`port ${taken} of 127.0.0.1 is taken: trying ${taken + 1}\n`)
    expect(port).toBeGreaterThan(taken)
    const { url, token } = dashboardOf(head)

    const poller = poll(port)
    expect(await shownBy(url, token)).toEqual({ page: 200, sites: ['failover.example.test'], mayOperate: true })
    const begun: number[] = []
    let seen = 0
    for (const [title] of steps) {
      await demo.until((output) => output.includes(`\n${title.padEnd(15)}`, seen))
      begun.push(performance.now())
      seen = demo.stderr().indexOf(`\n${title.padEnd(15)}`, seen) + 1
    }
    const { code } = await demo.exited
    await poller.stop()

    const report = JSON.parse(demo.stdout()) as ScriptReport
    expect(report, demo.stderr()).toEqual({
      version: 1,
      exitCode: 0,
      nameServer: { address: '127.0.0.1', port },
      dashboard: url,
      name: 'failover.example.test',
      settings: { everyMs: 1000, timeoutMs: 300, fall: 3, rise: 2, confirmSpanMs: 200 },
      steps: steps.map(([title, expected, boundMs], at) => ({
        ...report.steps[at],
        step: at + 1,
        title,
        expected,
        answered: expected,
        ok: true,
        boundMs,
        problem: null,
      })),
      error: null,
    })
    expect(code).toBe(0)
    for (const { tookMs, boundMs } of report.steps) expect(tookMs).toBeLessThanOrEqual(boundMs)
    // With the last step the name server ends, perhaps before the poller has asked it once more.
    for (const [at, [title, expected, boundMs]] of steps.slice(0, -1).entries()) {
      const from = begun[at] ?? Number.NaN
      const first = poller.samples.find((sample) => sample.at >= from && sample.values === expected.join(' '))
      expect((first?.at ?? Number.NaN) - from, `${at + 1} ${title}`).toBeLessThanOrEqual(boundMs)
    }
    const allowed = new Set(steps.map(([, expected]) => expected.join(' ')))
    const fromAllUp = poller.samples.filter((sample) => sample.at >= (begun[1] ?? 0))
    expect([...new Set(fromAllUp.map((sample) => sample.values))].filter((values) => !allowed.has(values))).toEqual([])
  })

  test('interrupted, it ends at once with 1 and says where, and leaves no process behind, frozen or not', async () => {
    const demo = startDemo(['--script', '--port', String(await takenPort())])
    await demo.until((output) => output.includes('\nfreeze ams'))
    const children = childrenOf(demo.pid)
    await eventually(() => childrenOf(demo.pid).some(({ state }) => state === 'T'))
    const before = performance.now()
    demo.signal('SIGTERM')
    expect(await demo.exited).toEqual({ code: 1, signal: null })
    expect(performance.now() - before).toBeLessThan(30_000)
    expect(demo.stdout()).toContain('interrupted')
    expect(demo.stdout()).toContain('Step 4 of 15 (freeze ams) was not seen as expected.')
    expect(children.filter(({ command }) => command.includes('region-server')).length).toBe(3)
    expect(children.filter(({ pid }) => isAlive(pid))).toEqual([])
  })

  test('killed by force, it takes even a frozen server and its files with it', async () => {
    const demo = startDemo(['--script', '--port', String(await takenPort())])
    await demo.until((output) => output.includes('\nfreeze ams'))
    await eventually(() => childrenOf(demo.pid).some(({ state }) => state === 'T'))
    const children = childrenOf(demo.pid)
    const folder = children.map(({ command }) => / (\/\S*dns-failover-demo-\w+)/.exec(command)?.[1]).find((path) => path !== undefined) ?? ''
    expect(children.filter(({ command }) => command.includes('region-server')).length).toBe(3)
    expect(existsSync(join(folder, 'dns-failover.yaml'))).toBe(true)
    demo.signal('SIGKILL')
    expect(await demo.exited).toEqual({ code: null, signal: 'SIGKILL' })
    await eventually(() => children.every(({ pid }) => !isAlive(pid)) && !existsSync(folder))
  })
})
