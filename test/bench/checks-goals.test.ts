import { expect, test } from 'vitest'
import { checksGoals } from './checks-goals.ts'
import type { Measured } from './checks-table.ts'

const ours: Measured = { who: 'dns-failover', targets: 5000, wantedPerSecond: 5000, perSecond: 4990, cpuMsPerCheck: 0.15, cpu: 0.8, rssMiB: 140, keptShare: 0, latenessP99Ms: 31.2 }
const kept: Measured = { ...ours, who: 'dns-failover, kept connections', cpuMsPerCheck: 0.08, rssMiB: 150, latenessP99Ms: 12 }
const haproxy: Measured = { ...ours, who: 'HAProxy', cpuMsPerCheck: 0.025, latenessP99Ms: undefined }
const powerdns: Measured = { ...haproxy, who: 'PowerDNS', cpuMsPerCheck: 1.4 }

test('says of each how far it is reached, at as many targets', () => {
  expect(checksGoals([ours, kept, haproxy, powerdns, { ...ours, targets: 200, cpuMsPerCheck: 9 }], 5000).map(({ goal, says }) => `${goal}: ${says}`)).toEqual([
    '5000 targets once a second: all of them are checked: met; nearest to it is dns-failover, share that is missing: 0.2 % of at most 1.0 %',
    '5000 targets once a second: at most 0.18 CPU-ms a check, 0.06 on kept connections: not met in 1 of 2: dns-failover, kept connections: 0.080 CPU-ms instead of at most 0.060 CPU-ms, 0.020 CPU-ms too much',
    '5000 targets once a second: less CPU than every peer but the two in C, and at most 3 times those on kept connections: not met in 1 of 3: dns-failover, kept connections beside HAProxy: 0.080 CPU-ms instead of at most 0.075 CPU-ms, 0.005 CPU-ms too much',
    '5000 targets once a second: 99 of 100 checks at most 20 ms after their turn: not met in 1 of 2: dns-failover: 31.2 ms instead of at most 20.0 ms, 11.2 ms too much',
    '5000 targets once a second: less than 150 MB in memory: not met in 1 of 2: dns-failover, kept connections: 157 MB instead of at most 150 MB, 7 MB too much',
  ])
  expect(checksGoals([ours], 1000)).toEqual([])
})
