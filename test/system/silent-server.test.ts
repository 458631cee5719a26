import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { compose } from '../../src/compose.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { systemClock } from '../../src/engine/clock.ts'
import type { EngineEvent } from '../../src/engine/events.ts'
import { defaultTiming, runSite } from '../../src/engine/run-site.ts'
import { freePort } from '../free-port.ts'
import { makeFolder } from '../store/folder.ts'
import { sendSignal } from './servers/send-signal.ts'

const [msk, ams] = ['127.0.0.41', '127.0.0.42']
const timeoutMs = 8_000
const patienceMs = 60_000

/** A web server in a process of its own. */
const startServer = async (address: string, port: number): Promise<ChildProcess> => {
  const child = fork(new URL('servers/web-server.mjs', import.meta.url), [address, String(port)], { execArgv: [] })
  onTestFinished(async () => {
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  })
  await once(child, 'message', { signal: AbortSignal.timeout(patienceMs) })
  return child
}

it('withdraws a server that hangs after one timeout, though three checks must fail', { timeout: 4 * patienceMs }, async () => {
  const folder = await makeFolder()
  const [port, dns] = [await freePort(), await freePort()]
  const frozen = await startServer(msk, port)
  await startServer(ams, port)
  const file = join(folder, 'dns-failover.yaml')
  await writeFile(
    file,
    `version: 1
state: ${join(folder, 'state')}
providers: { local: { type: embedded, listen: "127.0.0.1:${dns}", zone: example.test } }
sites:
  failover.example.test:
    allowPrivate: true
    regions: { msk: { addresses: [${msk}] }, ams: { addresses: [${ams}] } }
    check: { url: "http://{site}:${port}/", every: 250ms, fall: 3, confirmSpan: 0, timeout: ${timeoutMs}ms }
`,
  )
  const loaded = await loadConfig(file, {})
  if (!loaded.ok) return expect.fail(loaded.problems.map(({ message }) => message).join('\n'))
  const events: { readonly event: EngineEvent; readonly at: number }[] = []
  const parts = await compose(loaded.config, { isDryRun: false, log: () => undefined, report: (event) => void events.push({ event, at: systemClock.now() }) })
  onTestFinished(() => parts.close())
  const stop = new AbortController()
  const running = Promise.all(loaded.config.sites.map((site) => runSite(site, parts.portsOf(site), defaultTiming, stop.signal)))
  onTestFinished(async () => {
    stop.abort()
    await running
  })
  const until = async <T>(what: string, find: () => T | undefined): Promise<T> => {
    for (const deadline = systemClock.now() + patienceMs; systemClock.now() < deadline; await systemClock.sleep(20, stop.signal)) {
      const found = find()
      if (found !== undefined) return found
    }
    return expect.fail(`waited for ${what}`)
  }
  const checksOf = (address: string, kind: string) => events.flatMap(({ event }) => (event.kind === 'checked' && event.address === address && event.result.kind === kind ? [event.result] : []))
  /** The set may have been published with one address first. */
  let frozenFrom = 0
  const wasWritten = (values: readonly string[]): boolean => events.slice(frozenFrom).some(({ event }) => event.kind === 'written' && event.changes.some(({ after }) => after.values.join() === values.join()))

  // Both are published, and what a check of theirs takes has been learned.
  await until('both addresses', () => (wasWritten([msk, ams]) ? true : undefined))
  await until('twelve checks', () => (checksOf(msk, 'ok').length >= 12 ? true : undefined))
  frozenFrom = events.length
  sendSignal(frozen, 'SIGSTOP')
  await until('a set without the server that hangs', () => (wasWritten([ams]) ? true : undefined))

  const failures = checksOf(msk, 'failed')
  const [first, second, third] = failures
  if (first === undefined || second === undefined || third === undefined) return expect.fail(`${failures.length} failures`)
  // One after the other they would have begun two timeouts apart.
  expect(third.startedAt - first.startedAt).toBeLessThan(timeoutMs)
  expect(second.startedAt).toBeLessThan(first.finishedAt)
  const down = events.find(({ event }) => event.kind === 'health' && event.address === msk && event.to === 'down')
  expect((down?.at ?? Infinity) - first.startedAt).toBeLessThan(2 * timeoutMs)
})
