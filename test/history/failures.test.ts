import { execFileSync } from 'node:child_process'
import { mkdir, open, readdir, readFile, rmdir, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'libsql'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { StoredEvent } from '../../src/engine/history-port.ts'
import { openHistory } from '../../src/history/open-history.ts'
import { makeFolder } from '../store/folder.ts'
import { kindsIn, skippingClock, soon, untilLogged, useHistories } from './running.ts'
import { checked, down, passed, up } from './samples.ts'

const start = useHistories()

/** A file with much in it, closed. */
const filled = async (): Promise<string> => {
  const file = join(await makeFolder(), 'history.sqlite')
  const { history } = start(file)
  for (let index = 0; index < 2_000; index++) history.engine(down())
  await history.close()
  return file
}

const damages: readonly (readonly [title: string, damage: (file: string) => Promise<void>])[] = [
  ['is no database', (file) => writeFile(file, 'All work and no play makes Jack a dull boy.\n'.repeat(1_000))],
  ['is cut off', async (file) => truncate(file, Math.floor((await stat(file)).size / 2 / 4096) * 4096)],
  [
    'has overwritten pages',
    async (file) => {
      const { size } = await stat(file)
      const handle = await open(file, 'r+')
      await handle.write(Buffer.alloc(size - 8192, 0xa5), 0, size - 8192, 8192)
      await handle.close()
    },
  ],
]

it.each(damages)('sets a file aside that %s, and begins a new one', async (_title, damage) => {
  const file = await filled()
  await damage(file)
  const running = start(file)
  running.history.engine(up())
  await untilLogged(running, 1)
  expect(running.lines[0]).toMatch(/^error the history in .*history\.sqlite cannot be used: it is damaged \(SQLITE_(?:NOTADB|CORRUPT).*; moved to .*history\.sqlite\.damaged-\d{4}-.*, and a new one is begun$/)
  const { events, trouble } = await running.history.events({ limit: 1000 })
  expect([events.map(({ data }) => data), trouble]).toMatchObject([[{ to: 'up' }], null])
  await running.history.close()
  expect(await kindsIn(file)).toEqual(['health'])
  expect(running.lines).toHaveLength(1)
  expect((await readdir(join(file, '..'))).filter((name) => name.includes('damaged') && !/-(?:wal|shm)$/.test(name))).toHaveLength(1)
})

it('goes on in memory where a folder is in the file’s place, says so once, and writes all once it is gone', async () => {
  const file = join(await makeFolder(), 'history.sqlite')
  await mkdir(file)
  const { options, skip } = skippingClock()
  const running = start(file, options)
  const { history, lines } = running
  const live: StoredEvent[] = []
  history.follow(undefined, (event) => live.push(event), new AbortController().signal)
  history.engine(down())
  await untilLogged(running, 1)
  expect(lines[0]).toMatch(/^error the history cannot be kept: .*history\.sqlite: it cannot be opened; .*\. Failover goes on without it, and it is tried again every 30 s$/)
  history.engine(up())
  expect(live).toHaveLength(2)
  const told = await history.events({ limit: 10 })
  expect([told.events.length, told.trouble]).toEqual([2, expect.stringMatching(/^the history cannot be read: .*history\.sqlite/)])
  expect(await history.report({ sites: ['a.example'], sinceMs: 0, untilMs: 1 })).toMatchObject({ sites: [{ site: 'a.example', availability: null }], trouble: expect.any(String) })
  skip(31_000)
  await vi.waitFor(async () => expect((await history.events({ limit: 1 })).trouble).not.toBeNull(), soon)
  expect(lines).toHaveLength(1)
  await rmdir(file)
  skip(31_000)
  await untilLogged(running, 2)
  expect(lines[1]).toMatch(/^info the history is kept again, after \d+ s; nothing of it was lost$/)
  expect((await history.events({ limit: 10 })).trouble).toBeNull()
  await history.close()
  expect(await kindsIn(file)).toEqual(['health', 'health'])
})

it('leaves the file of a newer version alone, and piles nothing up while it looks at it again and again', async () => {
  const file = await filled()
  const database = new Database(file)
  database.exec('PRAGMA user_version = 99')
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
  const before = await readFile(file)
  const { options, skip } = skippingClock()
  const running = start(file, options)
  running.history.engine(up())
  await untilLogged(running, 1)
  expect(running.lines[0]).toContain('it was written by a newer version of this program; use that one, or move the file away (NEWER_SCHEMA: its schema is version 99, and this program knows up to 1)')
  const descriptors = (): Promise<number> => readdir('/proc/self/fd').then((names) => names.length, () => 0)
  const few = await descriptors()
  for (let attempt = 0; attempt < 5; attempt++) {
    skip(31_000)
    // The next turn.
    // oxlint-disable-next-line no-await-in-loop
    await sleep(600)
  }
  expect(await descriptors()).toBeLessThan(few + 10)
  expect(running.lines).toHaveLength(1)
  await running.history.close()
  expect((await readFile(file)).equals(before)).toBe(true)
  const reader = openHistory(file, () => Date.now())
  expect((await reader.events({ limit: 1 })).trouble).toContain('newer version')
})

it('waits for a file that somebody has locked, and says so once', async () => {
  const file = await filled()
  const { options, skip } = skippingClock()
  const holder = new Database(file)
  onTestFinished(() => void holder.close())
  const running = start(file, options)
  await running.history.events({ limit: 1 })
  holder.exec('BEGIN IMMEDIATE')
  running.history.engine(up())
  await untilLogged(running, 1)
  expect(running.lines[0]).toContain('another program holds it locked; end that one (SQLITE_BUSY')
  holder.exec('ROLLBACK')
  skip(31_000)
  await untilLogged(running, 2)
  await running.history.close()
  expect((await kindsIn(file)).length).toBe(1000)
  const reader = openHistory(file, () => Date.now())
  expect((await reader.events({ limit: 1 })).events[0]?.data).toMatchObject({ to: 'up' })
})

const mount = (...args: readonly string[]): string | undefined => {
  try {
    execFileSync('mount', args, { stdio: 'pipe' })
    return undefined
  } catch {
    return 'only root may mount a small file system'
  }
}

/** A small file system of a test's own; a text if there is none to be had. */
const mountSmall = async (): Promise<{ readonly folder: string; remount(options: string): void } | string> => {
  const folder = await makeFolder()
  const why = mount('-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', folder)
  if (why !== undefined) return why
  onTestFinished(() => void execFileSync('umount', ['-l', folder]))
  return { folder, remount: (options) => expect(mount('-o', `remount,${options}`, folder)).toBeUndefined() }
}

// Once in many runs the small disk is full at another moment than is meant here.
it('goes on when the disk is full, and writes all once it is not', { retry: 2 }, async (context) => {
  const small = await mountSmall()
  if (typeof small === 'string') return context.skip(small)
  const file = join(small.folder, 'history.sqlite')
  const { options, skip } = skippingClock()
  const running = start(file, options)
  const { history, lines } = running
  history.engine(down())
  expect((await history.events({ limit: 1 })).trouble).toBeNull()
  await writeFile(join(small.folder, 'filler'), Buffer.alloc(400_000)).catch(() => undefined)
  for (let index = 0; index < 3_000; index++) history.engine(up())
  await untilLogged(running, 1)
  expect(lines[0]).toMatch(/^error the history cannot be kept: .*: no space is left on the file system; free some \(SQLITE_FULL/)
  // What is there can still be read.
  expect((await history.events({ kinds: ['health'], limit: 1000 })).events).toHaveLength(1000)
  expect((await history.report({ sites: [], sinceMs: 0, untilMs: 1 })).trouble).toBeNull()
  small.remount('size=20m')
  skip(31_000)
  await untilLogged(running, 2)
  expect(lines[1]).toContain('nothing of it was lost')
  await history.close()
  const database = new Database(file)
  expect(database.prepare('SELECT count(*) AS n FROM events').all([])).toEqual([{ n: 3_001 }])
})

it('goes on where nothing may be written, and writes all once it may', async (context) => {
  const small = await mountSmall()
  if (typeof small === 'string') return context.skip(small)
  const file = join(small.folder, 'history.sqlite')
  const first = start(file)
  first.history.engine(down())
  await first.history.close()
  await vi.waitFor(() => small.remount('ro'), soon)
  const { options, skip } = skippingClock()
  const running = start(file, options)
  running.history.engine(up())
  await untilLogged(running, 1)
  expect(running.lines[0]).toMatch(/^error the history cannot be kept: .*history\.sqlite: (?:it, or its folder, is read-only; make both writable|it cannot be opened; it must be a file in a folder that)/)
  expect(await kindsIn(file)).toEqual(['health'])
  small.remount('rw')
  skip(31_000)
  await untilLogged(running, 2)
  expect((await running.history.events({ limit: 10 })).events).toHaveLength(2)
})

it('says so once where more waits than it holds', async () => {
  const file = join(await makeFolder(), 'history.sqlite')
  await mkdir(file)
  let wall = Date.parse('2026-03-01T10:00:00Z')
  const running = start(file, { wallNow: () => wall })
  running.history.engine(down())
  await untilLogged(running, 1)
  for (let minute = 0; minute < 40_500; minute++) {
    running.history.engine(checked(passed(5)))
    wall += 60_000
  }
  await untilLogged(running, 2)
  expect(running.lines[1]).toBe('warn of the history that cannot be written the oldest is dropped, for 40000 rows wait')
})
