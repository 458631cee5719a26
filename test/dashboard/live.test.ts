import { expect, it } from 'vitest'
import type { SiteSummaryView } from '../../src/engine/views.ts'
import { nextWait } from '../../src/dashboard/live/retry-wait.ts'
import { replaceSites, updateSites } from '../../src/dashboard/live/merge-sites.ts'
import { createRefetchQueue } from '../../src/dashboard/live/refetch-queue.ts'
import { sseReader } from '../../src/dashboard/live/sse-reader.ts'

it('reads events however they are cut, and takes no comment for one', () => {
  const text = 'retry: 2000\n\nid: 7\ndata: {"a":1}\n\n: still here\n\nid: 8\r\ndata: one\r\ndata: two\r\n\r\ndata: of 8\n\n'
  const whole = [
    { id: '7', data: '{"a":1}' },
    { id: '8', data: 'one\ntwo' },
    { id: '8', data: 'of 8' },
  ]
  expect(sseReader()(text)).toEqual(whole)
  const read = sseReader()
  expect([...text].flatMap((letter) => read(letter))).toEqual(whole)
})

it('waits longer after each failure, but not long', () => {
  expect([500, 1_000, 2_000, 4_000, 5_000].map(nextWait)).toEqual([1_000, 2_000, 4_000, 5_000, 5_000])
})

it('reads a site once for many events, and again for one that came meanwhile', () => {
  const queue = createRefetchQueue()
  queue.add('a')
  queue.add('a')
  queue.add('b')
  queue.add(null)
  const first = queue.take()
  expect(first).toEqual({ kind: 'sites', sites: ['a', 'b'] })
  queue.add('a')
  expect(queue.take()).toEqual({ kind: 'nothing' })
  queue.done(first)
  expect(queue.take()).toEqual({ kind: 'sites', sites: ['a'] })
})

it('reads all of them where many are new, one reading at a time', () => {
  const queue = createRefetchQueue()
  for (let site = 0; site < 9; site += 1) queue.add(`site-${site}`)
  expect(queue.take()).toEqual({ kind: 'all' })
  queue.add('a')
  queue.addAll()
  expect(queue.take()).toEqual({ kind: 'nothing' })
  queue.done({ kind: 'all' })
  expect(queue.take()).toEqual({ kind: 'all' })
  queue.done({ kind: 'all' })
  expect(queue.take()).toEqual({ kind: 'nothing' })
})

const summary = (site: string, second: number, condition: SiteSummaryView['condition'] = 'healthy'): SiteSummaryView => ({
  site,
  at: new Date(second * 1000).toISOString(),
  condition,
  text: '',
  regions: [],
  sets: [],
  verified: null,
  lastChange: null,
})

it('keeps what says nothing new the same object, and an old answer from covering a newer one', () => {
  const before = replaceSites(new Map(), [summary('a', 1), summary('b', 1), summary('c', 5, 'degraded')])
  const after = replaceSites(before, [summary('a', 2), summary('b', 2, 'blind'), summary('c', 4)])
  expect([after.get('a') === before.get('a'), after.get('b'), after.get('c')]).toEqual([true, summary('b', 2, 'blind'), summary('c', 5, 'degraded')])
  expect([...replaceSites(after, [summary('b', 3)]).keys()]).toEqual(['b'])
})

it('takes in single sites, new ones and those that are gone', () => {
  const before = replaceSites(new Map(), [summary('a', 1), summary('b', 1)])
  const after = updateSites(before, new Map([['a', null], ['c', summary('c', 2)]] as const))
  expect([...after.values()]).toEqual([summary('b', 1), summary('c', 2)])
})
