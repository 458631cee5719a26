import { type ChildProcess, spawn } from 'node:child_process'
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

const [msk, ams] = ['127.0.0.43', '127.0.0.44']
const patienceMs = 60_000

/** Lets connections be idle for as long as they like, and closes them all when it is told to. */
const serverCode = `
const server = require('node:http').createServer((_, response) => response.end('Hello'))
server.keepAliveTimeout = 0
server.listen(Number(process.argv[2]), process.argv[1], () => process.send('ready'))
process.on('message', () => server.closeAllConnections())`

const startServer = async (address: string, port: number): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['-e', serverCode, address, String(port)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  await once(child, 'message', { signal: AbortSignal.timeout(patienceMs) })
  return child
}

it('what breaks the idle connection to a server has it checked long before its turn, and only what the checks say counts', { timeout: 5 * patienceMs }, async () => {
  const folder = await makeFolder()
  const [port, dns] = [await freePort(), await freePort()]
  const server = await startServer(msk, port)
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
    check: { url: "http://{site}:${port}/", every: 1440m, fall: 3, confirmSpan: 0 }
`,
  )
  const loaded = await loadConfig(file, {})
  if (!loaded.ok) return expect.fail(loaded.problems.map(({ message }) => message).join('\n'))
  const events: EngineEvent[] = []
  const parts = await compose(loaded.config, { isDryRun: false, log: () => undefined, report: (event) => void events.push(event) })
  onTestFinished(() => parts.close())
  const stop = new AbortController()
  const running = Promise.all(loaded.config.sites.map((site) => runSite(site, parts.portsOf(site), defaultTiming, stop.signal)))
  onTestFinished(async () => {
    stop.abort()
    await running
  })
  const until = async (what: string, isSo: () => boolean): Promise<void> => {
    for (const deadline = systemClock.now() + patienceMs; !isSo(); await systemClock.sleep(20, stop.signal)) {
      if (systemClock.now() > deadline) expect.fail(`waited for ${what}`)
    }
  }
  const checks = (address: string, kind: string): number => events.filter((event) => event.kind === 'checked' && event.address === address && event.result.kind === kind).length
  /** The set may have been published with one address first. */
  let begunAt = 0
  const wasWritten = (values: readonly string[]): boolean => events.slice(begunAt).some((event) => event.kind === 'written' && event.changes.some(({ after }) => after.values.join() === values.join()))

  await until('both addresses', () => wasWritten([msk, ams]) && checks(msk, 'ok') >= 2)
  begunAt = events.length
  const before = checks(msk, 'ok')
  server.send('close')
  await until('a check that the wire has brought', () => checks(msk, 'ok') > before)
  expect({ failed: checks(msk, 'failed'), isWithdrawn: wasWritten([ams]) }).toEqual({ failed: 0, isWithdrawn: false })
  // The wire of that check is the next to break.
  server.kill('SIGKILL')
  await until('a set without the server that was killed', () => wasWritten([ams]))
  expect(checks(msk, 'failed')).toBeGreaterThanOrEqual(3)
})
