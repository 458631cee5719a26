import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'

const full = '/dev/full'
const program = fileURLToPath(new URL('../../dist/cli/dns-failover.js', import.meta.url))

it.skipIf(!existsSync(full)).each(['schema', '--help'])('%s onto a full disk says so, and ends with exit code 1', async (verb) => {
  const disk = await open(full, 'w')
  onTestFinished(() => disk.close())
  const child = spawn(process.execPath, [program, verb], { stdio: ['ignore', disk.fd, 'pipe'] })
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  await once(child, 'close')
  expect({ code: child.exitCode, stderr }).toEqual({ code: 1, stderr: 'error: not all of the output could be written: ENOSPC: no space left on device, write\n' })
})

it('for a reader that has gone away it is no error', async () => {
  const child = spawn(process.execPath, [program, 'schema'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout?.destroy()
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  await once(child, 'close')
  expect({ code: child.exitCode, stderr }).toEqual({ code: 0, stderr: '' })
})
