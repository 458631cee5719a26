import type { StoredEvent } from '../../engine/history-port.ts'

const echoes: Readonly<Record<string, string>> = { drain: 'drained', undrain: 'undrained', force: 'forced', unforce: 'unforced', pause: 'paused', resume: 'resumed', repoint: 'repointed' }

const property = (data: unknown, name: string): unknown => (typeof data === 'object' && data !== null && Object.hasOwn(data, name) ? (data as Readonly<Record<string, unknown>>)[name] : undefined)

/** An order that was carried out is told of twice: when it was given, and when it came into force, which says more. */
export const isEchoed = ({ kind, data }: Pick<StoredEvent, 'kind' | 'data'>, kinds: readonly string[]): boolean => {
  if (kind !== 'operator') return false
  const order = property(data, 'data')
  const action = property(order, 'action')
  if (property(order, 'outcome') !== 'done' || typeof action !== 'string') return false
  const echo = echoes[action.split(' ')[0] ?? '']
  return echo !== undefined && (kinds.length === 0 || kinds.includes(echo))
}
