import { expect, it } from 'vitest'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { drained } from '../../src/cli/drained.ts'
import { makeFolder } from '../store/folder.ts'

it('waits for a slow reader, but not for ever, and not for one that is gone', async () => {
  const stream = new PassThrough({ highWaterMark: 1 })
  stream.on('error', () => undefined)
  expect(await drained(stream, 1)).toBeUndefined()
  stream.write('x'.repeat(100))
  stream.write('y'.repeat(100))
  let isOver = false
  const waiting = (async (): Promise<void> => {
    await drained(stream, 60_000)
    isOver = true
  })()
  await drained(stream, 5)
  expect(isOver).toBe(false)
  stream.resume()
  await waiting
  const gone = new PassThrough({ highWaterMark: 1 })
  gone.write('x'.repeat(100))
  gone.write('y'.repeat(100))
  const left = drained(gone, 60_000)
  gone.destroy()
  await left
})

it('loses nothing of a long result to a reader that takes its time', async () => {
  const config = join(await makeFolder(), 'dns-failover.yaml')
  await writeFile(config, `version: 1\nsites:\n${Array.from({ length: 1500 }, (_, at) => `  unknown${at}.example.com: { unknown: 1 }\n`).join('')}`)
  const program = fileURLToPath(new URL('../../dist/cli/dns-reconcile.js', import.meta.url))
  const shell = spawn('sh', ['-c', '"$0" "$1" --json --config "$2" 2>/dev/null | { sleep 1; cat; }', process.execPath, program, config], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  shell.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(shell, 'close')
  expect(text.length).toBeGreaterThan(200_000)
  expect(JSON.parse(text)).toMatchObject({ exitCode: 1, sites: [] })
})
