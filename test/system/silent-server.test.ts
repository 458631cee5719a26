import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { freePort } from '../free-port.ts'
import { sendSignal } from './servers/send-signal.ts'
import { patienceMs, watchSite } from './watched-site.ts'

const [msk, ams] = ['127.0.0.41', '127.0.0.42'] as const
const timeoutMs = 8_000

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
  const port = await freePort()
  const frozen = await startServer(msk, port)
  await startServer(ams, port)
  const { events, checksOf, wasWritten, mark, until } = await watchSite([msk, ams], port, `every: 250ms, fall: 3, confirmSpan: 0, timeout: ${timeoutMs}ms`)

  // Both are published, and what a check of theirs takes has been learned.
  await until('both addresses', () => wasWritten([msk, ams]))
  await until('twelve checks', () => checksOf(msk, 'ok').length >= 12)
  mark()
  sendSignal(frozen, 'SIGSTOP')
  await until('a set without the server that hangs', () => wasWritten([ams]))

  const failures = checksOf(msk, 'failed')
  const [first, second, third] = failures
  if (first === undefined || second === undefined || third === undefined) return expect.fail(`${failures.length} failures`)
  // One after the other they would have begun two timeouts apart.
  expect(third.startedAt - first.startedAt).toBeLessThan(timeoutMs)
  expect(second.startedAt).toBeLessThan(first.finishedAt)
  const down = events.find(({ event }) => event.kind === 'health' && event.address === msk && event.to === 'down')
  expect((down?.at ?? Infinity) - first.startedAt).toBeLessThan(2 * timeoutMs)
})
