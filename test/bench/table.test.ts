import { expect, test } from 'vitest'
import { secondsText, tableText, timesText } from './table.ts'

test('a table in Markdown, with what must be known to read it', () => {
  const table = { title: 'Speed', notes: ['30 runs'], columns: ['who', 'how long'], rows: [['this', '0.04 s'], ['that', '1.6 s']], values: [] }
  expect(tableText(table)).toBe('\n## Speed\n\n- 30 runs\n\n| who | how long |\n| --- | --- |\n| this | 0.04 s |\n| that | 1.6 s |\n')
  expect(tableText({ ...table, notes: [], rows: [] })).toBe('\n## Speed\n\n| who | how long |\n| --- | --- |\n')
})

test('seconds with the digits that matter, and ratios', () => {
  expect([undefined, 4.2, 99.9, 100, 1578, 98_400].map(secondsText)).toEqual(['never', '0.004 s', '0.100 s', '0.10 s', '1.58 s', '98 s'])
  expect([timesText(310, 100), timesText(undefined, 100), timesText(310, undefined)]).toEqual(['3.1 times', 'it never does', '-'])
})
