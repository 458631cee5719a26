import { expect, test } from 'vitest'
import { withdrawGoals } from './withdraw-goals.ts'
import type { Sample } from './withdraw-rows.ts'

const fast = { who: 'fast', product: 'dns-failover', everyMs: 250, timeoutMs: 500, regions: 2, restoredMs: 300, hasReturned: false } as const
const equal = { ...fast, who: 'equal', everyMs: 1000, timeoutMs: 1000 } as const
const powerdns = { ...equal, who: 'PowerDNS', product: 'PowerDNS' } as const
const gdnsd = { ...powerdns, who: 'gdnsd', product: 'gdnsd', everyMs: 2000 } as const

const samples: readonly Sample[] = [
  { ...fast, fault: 'killed', withdrawnMs: 30 },
  { ...equal, fault: 'killed', withdrawnMs: 40 },
  { ...powerdns, fault: 'killed', withdrawnMs: 300 },
  { ...gdnsd, fault: 'killed', withdrawnMs: 1000 },
  { ...fast, fault: 'wrong body', withdrawnMs: 400 },
  { ...equal, fault: 'wrong body', withdrawnMs: 600 },
  { ...powerdns, fault: 'wrong body', withdrawnMs: 500 },
  { ...gdnsd, fault: 'wrong body', withdrawnMs: undefined },
]

test('faster settings are held to half of what the peers take, equal ones to the limit of one check', () => {
  expect(withdrawGoals(samples).map(({ goal, isMet, says }) => [goal, isMet, says])).toEqual([
    [
      "2 regions, fast, 1 run: at most half of PowerDNS's median and 90th percentile at each fault",
      false,
      'not met in 2 of 4: wrong body, median: 0.40 s instead of at most 0.25 s, 0.15 s too much; wrong body, 90th: 0.40 s instead of at most 0.25 s, 0.15 s too much',
    ],
    ["2 regions, fast, 1 run: at most half of gdnsd's median and 90th percentile at each fault", true, 'met; nearest to it is killed, median: 0.030 s of at most 0.50 s'],
    ['2 regions, equal, 1 run: a killed server at least three times sooner than PowerDNS', true, 'met; nearest to it is killed, median: 0.040 s of at most 0.10 s'],
    ['2 regions, equal, 1 run: a killed server at least three times sooner than gdnsd', true, 'met; nearest to it is killed, median: 0.040 s of at most 0.33 s'],
    ['2 regions, equal, 1 run: each other fault within 0.15 s of the limit of one check, median', true, 'met; nearest to it is wrong body: 0.60 s of at most 0.65 s'],
  ])
})
