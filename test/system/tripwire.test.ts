import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { freePort } from '../free-port.ts'
import { patienceMs, watchSite } from './watched-site.ts'

const [msk, ams] = ['127.0.0.43', '127.0.0.44'] as const

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
  const port = await freePort()
  const server = await startServer(msk, port)
  await startServer(ams, port)
  const { checksOf, wasWritten, mark, until } = await watchSite([msk, ams], port, 'every: 1440m, fall: 3, confirmSpan: 0')
  const checks = (kind: 'ok' | 'failed'): number => checksOf(msk, kind).length

  await until('both addresses', () => wasWritten([msk, ams]) && checks('ok') >= 2)
  mark()
  const before = checks('ok')
  server.send('close')
  await until('a check that the wire has brought', () => checks('ok') > before)
  expect({ failed: checks('failed'), isWithdrawn: wasWritten([ams]) }).toEqual({ failed: 0, isWithdrawn: false })
  // The wire of that check is the next to break.
  server.kill('SIGKILL')
  await until('a set without the server that was killed', () => wasWritten([ams]))
  expect(checks('failed')).toBeGreaterThanOrEqual(3)
})
