import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { useHistories } from '../history/running.ts'
import { down, up } from '../history/samples.ts'
import { makeFolder } from '../store/folder.ts'
import { edited, edits, within } from './edits.ts'

const start = useHistories()

it('whatever stands in a history file, it is read, mended or set aside, and what happens is told on', async () => {
  const written = join(await makeFolder(), 'history.sqlite')
  const { history } = start(written)
  for (let index = 0; index < 200; index += 1) history.engine(down())
  await history.close()
  const sound = await readFile(written)
  await fc.assert(
    fc.asyncProperty(edits, fc.nat(), async (all, shift) => {
      const file = join(await makeFolder(), 'history.sqlite')
      // Wherever in the file: places in an edit reach no further than 64 KiB.
      const kept = shift % sound.length
      await writeFile(file, edited(sound, all, shift % 3 === 0 ? 0 : kept))
      const running = start(file)
      running.history.engine(up())
      const { events } = await within(10_000, running.history.events({ limit: 1000 }))
      expect(events.length).toBeLessThanOrEqual(1000)
      for (const { id, kind, at } of events) expect([typeof id, typeof kind, typeof at]).toEqual(['number', 'string', 'string'])
      await within(10_000, running.history.report({ sites: ['a.example'], sinceMs: Date.now() - 86_400_000, untilMs: Date.now() }))
      await within(10_000, running.history.close())
      // Nothing is lost: what cannot be used is kept beside it.
      const names = await readdir(join(file, '..'))
      if (running.lines.some((line) => line.includes('moved to'))) expect(names.some((name) => name.includes('damaged'))).toBe(true)
    }),
    { numRuns: 15 },
  )
})
