import type { Checker } from './peers/checker.ts'
import { judge } from './goals.ts'
import type { Table } from './table.ts'

/** How often somebody changed the records for a server that fails every other check. */
export interface Flapping {
  readonly who: string
  readonly product: Checker['product']
  readonly everyMs: number
  readonly changes: number
  readonly watchedMs: number
}

export const flapperTable = (all: readonly Flapping[]): Table => ({
  title: 'A server that fails every other check',
  notes: [`Changes of what the name server answers within ${(all[0]?.watchedMs ?? 0) / 1000} s. Each has ports of its own at the servers, so each meets with an answer of 500 at every other of its own requests.`],
  columns: ['who', 'checks', 'changes'],
  rows: all.map(({ who, everyMs, changes, watchedMs }) => [who, `${Math.round(watchedMs / everyMs)}`, `${changes}`]),
  goals: all
    .filter(({ product }) => product === 'dns-failover')
    .map(({ who, changes, watchedMs }) => judge(`${who}: at most one record change a minute for a server that fails every other check`, [{ of: 'changes a minute', measured: (changes * 60_000) / watchedMs, most: 1 }], (value) => `${Math.round(value)}`)),
  values: all.map(({ who, everyMs, changes, watchedMs }) => ({ who, everyMs, changes, watchedMs })),
})
