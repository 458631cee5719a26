import type { EventQuery, StoredEvent } from '../engine/history-port.ts'
import { parseJson } from './decode-sums.ts'
import { limitOf } from './query-limit.ts'
import { numberIn, type Row, type Sql, type SqlValue, textIn } from './sql.ts'

const orNull = (row: Row, column: string): string | null => (row[column] === null ? null : textIn(row, column))

/** The kinds and levels in the file were written by this program, or an earlier version of it. */
export const eventIn = (row: Row): StoredEvent => ({
  id: numberIn(row, 'id'),
  at: new Date(numberIn(row, 'at')).toISOString(),
  site: orNull(row, 'site'),
  region: orNull(row, 'region'),
  address: orNull(row, 'address'),
  kind: textIn(row, 'kind') as StoredEvent['kind'],
  level: textIn(row, 'level') as StoredEvent['level'],
  text: textIn(row, 'text'),
  data: parseJson(textIn(row, 'data')) ?? null,
})

type Condition = readonly [text: string, ...values: SqlValue[]]

const conditionsOf = ({ site, region, kinds, since, until, after, before }: EventQuery): readonly Condition[] => {
  const of = <T>(value: T | undefined, make: (given: T) => Condition): readonly Condition[] => (value === undefined ? [] : [make(value)])
  return [
    ...of(site, (value) => ['site = ?', value]),
    ...of(region, (value) => ['region = ?', value]),
    ...of(kinds, (value) => [value.length === 0 ? 'FALSE' : `kind IN (${value.map(() => '?').join(', ')})`, ...value]),
    ...of(since, (value) => ['at >= ?', Date.parse(value)]),
    ...of(until, (value) => ['at < ?', Date.parse(value)]),
    ...of(after, (value) => ['id > ?', value]),
    ...of(before, (value) => ['id < ?', value]),
  ]
}

export const queryEvents = (sql: Sql, query: EventQuery): readonly StoredEvent[] => {
  const conditions = conditionsOf(query)
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([text]) => text).join(' AND ')}`
  const values = conditions.flatMap(([, ...rest]) => rest)
  const order = query.after === undefined ? 'DESC' : 'ASC'
  return sql.all(`SELECT * FROM events ${where} ORDER BY id ${order} LIMIT ${limitOf(query)}`, values).map(eventIn)
}
