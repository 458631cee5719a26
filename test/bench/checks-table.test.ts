import { expect, test } from 'vitest'
import { checksTable, type Measured } from './checks-table.ts'

const one: Measured = { who: 'dns-failover', targets: 200, wantedPerSecond: 200, perSecond: 200.1, cpuMsPerCheck: 0.2, cpu: 0.04, rssMiB: 100, keptShare: 0.9, latenessP99Ms: 12.4 }

test('puts all side by side, their CPU as a multiple of ours at the same number of targets', () => {
  const { rows, values } = checksTable([], [one, { ...one, who: 'HAProxy', cpuMsPerCheck: 0.05, perSecond: 100, keptShare: 0, latenessP99Ms: undefined }, { ...one, who: 'HAProxy', targets: 1000, cpuMsPerCheck: 0.05 }])
  expect(rows).toEqual([
    ['200', 'dns-failover', '200', '100 %', '0.200', '1.00', '4 %', '100 MiB', '512 KiB', '90 %', '12 ms'],
    ['200', 'HAProxy', '100', '50 %', '0.050', '0.25', '4 %', '100 MiB', '512 KiB', '0 %', '-'],
    ['1000', 'HAProxy', '200', '100 %', '0.050', '-', '4 %', '100 MiB', '102 KiB', '90 %', '12 ms'],
  ])
  expect(values[0]).toEqual(one)
})
