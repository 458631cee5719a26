import { expect, test } from 'vitest'
import { startupTable } from './startup-table.ts'

test('puts starts together by what was started', () => {
  const start = (what: string, wallMs: number, workedMs: number) => ({ what, wallMs, workedMs })
  const { rows, values } = startupTable([], [start('embedded', 300, 250), start('Node alone', 40, 30), start('embedded', 500, 260), start('embedded', 320, 240)])
  expect(rows).toEqual([
    ['embedded', '3', '0.32 s', '0.50 s', '0.25 s', '0.26 s'],
    ['Node alone', '1', '0.040 s', '0.040 s', '0.030 s', '0.030 s'],
  ])
  expect(values[0]).toEqual({ what: 'embedded', runs: 3, wallMedianMs: 320, wall90thMs: 500, workedMedianMs: 250, worked90thMs: 260 })
})
