import { expect, test } from 'vitest'
import type { Visit } from '../lab/visits.ts'
import { experienceOf, visitorsTable } from './visitors-table.ts'

const visit = (at: number, ms: number, isServed = true, kind: Visit['kind'] = 'curl'): Visit => ({ kind, at, ms, isServed })

test('counts who was served and how long the worst wait was, from the moment that the server went bad', () => {
  const visits = [visit(900, 99_000, false), visit(1000, 20), visit(1500, 30_000), visit(2000, 60_000, false), visit(2500, 40), visit(3000, 10, true, 'node')]
  expect(experienceOf(visits, 'curl', 1000)).toEqual({ visits: 4, served: 3, worstMs: 60_000, lastBadMs: 1000 })
  expect(experienceOf(visits, 'node', 1000)).toEqual({ visits: 1, served: 1, worstMs: 10, lastBadMs: undefined })
  expect(experienceOf(visits, 'python', 1000)).toEqual({ visits: 0, served: 0, worstMs: 0, lastBadMs: undefined })
})

test('puts the two rounds of a fault side by side', () => {
  const table = visitorsTable([
    { fault: 'frozen', isManaged: false, badSince: 0, visits: [visit(0, 10), visit(1, 60_000, false)] },
    { fault: 'frozen', isManaged: true, badSince: 0, visits: [visit(0, 10), visit(4000, 60_000, false), visit(9000, 20)] },
  ])
  expect(table).toContain('| frozen | curl | 50 % | 60.0 s | 67 % | 60.0 s | 4.0 s |\n')
  expect(table).toContain('| frozen | Chromium | - | 0.0 s | - | 0.0 s | nobody noticed |\n')
})
