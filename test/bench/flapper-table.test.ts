import { expect, test } from 'vitest'
import { flapperTable } from './flapper-table.ts'

test('says how often each changed the records', () => {
  const { rows, notes, goals } = flapperTable([
    { who: 'dns-failover', product: 'dns-failover', everyMs: 250, changes: 1, watchedMs: 60_000 },
    { who: 'PowerDNS', product: 'PowerDNS', everyMs: 1000, changes: 59, watchedMs: 60_000 },
  ])
  expect(rows).toEqual([['dns-failover', '240', '1'], ['PowerDNS', '60', '59']])
  expect(notes[0]).toContain('within 60 s')
  expect(goals).toEqual([
    { goal: 'dns-failover: at most one record change a minute for a server that fails every other check', isMet: true, says: 'met; nearest to it is changes a minute: 1 of at most 1' },
  ])
})
