import { expect, test } from 'vitest'
import { limitMs, quantileOfAll, type Sample } from './withdraw-rows.ts'
import { withdrawTable } from './withdraw-table.ts'

const ours = { who: 'dns-failover', product: 'dns-failover', everyMs: 250, timeoutMs: 500, regions: 2, hasReturned: false } as const
const powerdns = { who: 'PowerDNS', product: 'PowerDNS', everyMs: 1000, timeoutMs: 1000, regions: 2, hasReturned: false } as const
const gdnsd = { who: 'gdnsd', product: 'gdnsd', everyMs: 2000, timeoutMs: 1000, regions: 2, hasReturned: false } as const

const samples: readonly Sample[] = [
  { ...ours, fault: 'frozen', withdrawnMs: 600, restoredMs: 300 },
  { ...powerdns, fault: 'frozen', withdrawnMs: 1500, restoredMs: 500 },
  { ...ours, fault: 'killed', withdrawnMs: 40, restoredMs: 300 },
  { ...ours, fault: 'killed', withdrawnMs: 60, restoredMs: 400 },
  { ...powerdns, fault: 'killed', withdrawnMs: 200, restoredMs: 500 },
  { ...powerdns, fault: 'killed', withdrawnMs: 900, restoredMs: 500 },
  { ...gdnsd, fault: 'killed', withdrawnMs: 1000, restoredMs: 500 },
  { ...gdnsd, fault: 'killed', withdrawnMs: undefined, restoredMs: undefined },
]

test('puts everybody side by side, by regions and fault, with the limit and how many times as long peers take', () => {
  const { rows, values } = withdrawTable('Withdrawn', [], samples)
  expect(rows).toEqual([
    ['2', 'killed', 'dns-failover', '2', '0.040 s', '0.060 s', '0.13 s', '0.23 s', '-0.09, -0.17', '5.0, 15.0 times', 'it never does', '0.30 s', '0.40 s'],
    ['2', 'killed', 'PowerDNS', '2', '0.20 s', '0.90 s', '0.50 s', '0.90 s', '-0.30, +0.00', '', '', '0.50 s', '0.50 s'],
    ['2', 'killed', 'gdnsd', '2', '1.00 s', 'never', '1.00 s', '1.80 s', '+0.00, -', '', '', '0.50 s', '0.50 s'],
    ['2', 'frozen', 'dns-failover', '1', '0.60 s', '0.60 s', '0.63 s', '0.72 s', '-0.03, -0.13', '2.5, 2.5 times', '', '0.30 s', '0.30 s'],
    ['2', 'frozen', 'PowerDNS', '1', '1.50 s', '1.50 s', '1.50 s', '1.90 s', '+0.00, -0.40', '', '', '0.50 s', '0.50 s'],
  ])
  expect(values[0]).toEqual({ regions: 2, fault: 'killed', who: 'dns-failover', runs: 2, withdrawnMedianMs: 40, withdrawn90thMs: 60, limitMedianMs: 125, limit90thMs: 225, restoredMedianMs: 300, restored90thMs: 400 })
})

test('names who answered with an address again while its server was bad', () => {
  expect(withdrawTable('Withdrawn', ['All at once.'], samples).notes).toEqual(['All at once.'])
  const returned = { ...powerdns, fault: 'frozen', withdrawnMs: 1500, restoredMs: 0, hasReturned: true } as const
  expect(withdrawTable('Withdrawn', ['All at once.'], [...samples, returned, returned]).notes[1]).toBe('PowerDNS answered with the address again while its server was still bad: frozen 2 times.')
})

test('who never withdraws has no time to restore, and a quantile counts it as the longest', () => {
  const { rows } = withdrawTable('Withdrawn', [], [{ ...gdnsd, fault: 'wrong body', withdrawnMs: undefined, restoredMs: undefined }])
  expect(rows).toEqual([['2', 'wrong body', 'gdnsd', '1', 'never', 'never', '1.00 s', '1.80 s', '-, -', '', '', '-', '-']])
  expect([quantileOfAll([1, undefined, 3], 0.5), quantileOfAll([1, undefined, 3], 0.9)]).toEqual([3, undefined])
})

test('the limit is the wait for the next check, and the timeout where nobody answers', () => {
  expect([limitMs({ ...powerdns, fault: 'HTTP 500' }, 0.5), limitMs({ ...powerdns, fault: 'slow drip' }, 0.5), limitMs({ ...ours, fault: 'blackholed' }, 0.9)]).toEqual([500, 1500, 725])
})
