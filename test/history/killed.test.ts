import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'libsql'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openHistory } from '../../src/history/open-history.ts'
import { makeFolder } from '../store/folder.ts'
import { bundle } from './bundled.ts'

let urls: readonly URL[] = []
let remove: () => Promise<void> = async () => undefined
beforeAll(async () => {
  const bundled = await bundle('src/history/worker.ts', 'test/history/writer-process.ts')
  urls = bundled.urls
  remove = bundled.remove
})
afterAll(() => remove())

/** Runs a writer on the file, and kills it once it has told of so many events; gives what it told. */
const writeUntilKilled = async (file: string, count: number): Promise<readonly string[]> => {
  const [worker, writer] = urls
  if (worker === undefined || writer === undefined) throw new Error('nothing was built')
  const child = spawn(process.execPath, [fileURLToPath(writer), file, worker.href], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
    if (text.split('\n').length > count) child.kill('SIGKILL')
  })
  expect(await ended).toEqual([null, 'SIGKILL'])
  return text.split('\n').slice(0, -1)
}

it('is whole after a kill, and ids grow on', async () => {
  const file = join(await makeFolder(), 'history.sqlite')
  let highest = 0
  let kept = 0
  for (let round = 0; round < 3; round++) {
    // One after the other: each goes on with the same file.
    // oxlint-disable-next-line no-await-in-loop
    const lines = await writeUntilKilled(file, 400)
    const ids = lines.map(Number)
    expect(ids.filter(Number.isNaN), lines.find((line) => Number.isNaN(Number(line)))).toEqual([])
    expect(ids[0]).toBeGreaterThan(highest)
    expect(ids).toEqual(ids.toSorted((a, b) => a - b))
    highest = Math.max(highest, ...ids)
    const database = new Database(file)
    expect(database.prepare('PRAGMA integrity_check').all([])).toEqual([{ integrity_check: 'ok' }])
    const [row] = database.prepare('SELECT count(*) AS n FROM events').all([]) as readonly { readonly n: number }[]
    expect(row?.n).toBeGreaterThan(kept)
    kept = row?.n ?? 0
    database.close()
  }
  const reader = openHistory(file, () => Date.now())
  expect((await reader.events({ limit: 1 })).trouble).toBeNull()
  reader.close()
})
