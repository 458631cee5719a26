import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { EngineEvent } from '../../src/engine/events.ts'
import { createWordQuota } from '../../src/history/word-quota.ts'
import { makeFolder } from '../store/folder.ts'
import { useHistories } from './running.ts'
import { down, site } from './samples.ts'

const place = { source: 'kuma', site, region: 'msk' }
const row = (text: string) => ({ level: 'info' as const, text })

it('gives the first words of a minute rows of their own, and tells the others as a number, with the last', () => {
  const quota = createWordQuota()
  const taken = Array.from({ length: 77 }, (_, each) => quota.take(place, row(`word ${each}`), each))
  expect(taken).toEqual([...Array<boolean>(20).fill(true), ...Array<boolean>(57).fill(false)])
  expect(quota.take({ ...place, region: 'ams' }, row('of ams'), 100)).toBe(true)
  expect(quota.take({ ...place, source: 'grafana' }, row('of another'), 100)).toBe(true)
  expect(quota.ended(59_999)).toEqual([])
  expect(quota.ended(60_000)).toEqual([{ ...place, level: 'info', more: 57, text: 'kuma: and 57 more words within a minute; the last: word 76' }])
  expect(quota.take(place, row('the next minute'), 60_001)).toBe(true)
  expect(quota.ended(200_000)).toEqual([])
})

const start = useHistories()

it('keeps of a source that does not stop a few rows a minute, and all that the engine decides', async () => {
  let skipped = 0
  const { history } = start(join(await makeFolder(), 'history.sqlite'), { now: () => performance.now() + skipped })
  const heard = (each: number): EngineEvent => ({ site, kind: 'heard', region: 'msk', source: 'kuma', monitor: `m${each}`, opinion: each % 2 === 0 ? 'down' : 'up', detail: '', effect: 'news' })
  for (let each = 0; each < 5_000; each++) {
    history.engine(heard(each))
    history.webhook({ source: 'kuma', site, region: 'msk', level: 'info', text: `kuma: m${each} says up: renewed`, data: {} })
    if (each % 1_000 === 0) history.engine(down())
  }
  skipped = 60_000
  const rows = async () => (await history.events({ after: 0, limit: 1_000 })).events
  await expect.poll(async () => (await rows()).length, { timeout: 30_000 }).toBe(26)
  const events = await rows()
  expect(events.filter(({ kind }) => kind === 'health')).toHaveLength(5)
  expect(events.at(-1)).toMatchObject({ site, region: 'msk', kind: 'webhook', text: 'kuma: and 9980 more words within a minute; the last: kuma: m4999 says up: renewed', data: { source: 'kuma', data: { more: 9_980 } } })
})

it('tells at the end what no minute has told', async () => {
  const { history } = start(join(await makeFolder(), 'history.sqlite'))
  for (let each = 0; each < 30; each++) history.webhook({ source: 'kuma', level: 'warn', text: 'webhook kuma: refused', data: {} })
  await history.close()
  // From memory: a disk that is busy may not have it yet.
  const { events } = await history.events({ limit: 1 })
  expect(events[0]).toMatchObject({ site: null, level: 'warn', text: 'kuma: and 10 more words within a minute; the last: webhook kuma: refused' })
})
