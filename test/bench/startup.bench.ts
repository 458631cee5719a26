import { describe, expect, test } from 'vitest'
import { titled } from '../system/servers/available.ts'
import { isShort, runCount } from './bench-size.ts'
import { obstacle } from './peers/housed.ts'
import { runStartup } from './startup-run.ts'
import { type Start, startupTable } from './startup-table.ts'

const missing = obstacle('named')

const notes = [
  'From before the process is there until the first connection has come to a region; its CPU by then, in steps of 10 ms.',
  'Two regions of fixed addresses. Cloudflare is a fake of its API on this machine, rfc2136 a real BIND. In turns.',
]

describe.skipIf(missing !== undefined)(titled('start-up', missing), () => {
  test('until the first check', { timeout: 1_800_000 }, async ({ task }) => {
    const starts: Start[] = []
    await runStartup(runCount, (start) => {
      starts.push(start)
      const table = startupTable(notes, starts)
      task.meta.tables = [isShort ? { ...table, goals: [] } : table]
    })
    expect(starts).toHaveLength(runCount * 4)
  })
})
