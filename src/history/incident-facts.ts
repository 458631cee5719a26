import { z } from 'zod'
import type { StoredEvent } from '../engine/history-port.ts'

/*
 * What incidents are made of, as the file has it: written by this program or an earlier version of it, and perhaps
 * damaged. What cannot be read tells nothing.
 */

const Key = z.object({ name: z.string(), type: z.string() })
const Content = z.object({ values: z.array(z.string()) })

const Health = z.object({ to: z.string(), text: z.string().optional(), cause: z.string().nullish(), failingSince: z.string().nullish() })
const Mode = z.object({ key: Key, to: z.string() })
const Decided = z.object({ key: Key, entry: z.object({ rule: z.string() }), from: z.unknown() })
const Written = z.object({ changes: z.array(z.object({ key: Key, before: Content, after: Content })) })
const Verified = z.object({ key: Key, expected: z.array(z.string()), outcome: z.string(), timeToEffectMs: z.number().nullish(), servers: z.array(z.object({ name: z.string(), standing: z.string() })).optional() })
const Moved = z.object({ from: z.array(z.string()), to: z.array(z.string()) })
const Service = z.object({ event: z.string() })

export type IncidentFact =
  | { readonly kind: 'health'; readonly to: string; readonly cause: string; readonly failingSinceMs: number | undefined }
  | { readonly kind: 'mode'; readonly key: string; readonly to: string }
  | { readonly kind: 'decided'; readonly key: string; readonly rule: string; readonly isFirst: boolean }
  | { readonly kind: 'written'; readonly keys: readonly string[]; readonly removals: readonly { readonly key: string; readonly address: string }[] }
  | { readonly kind: 'verified'; readonly key: string; readonly expected: readonly string[]; readonly outcome: string; readonly effectMs: number | undefined; readonly differing: readonly string[] }
  | { readonly kind: 'provider-failed' }
  | { readonly kind: 'provider-recovered' }
  /** Addresses that no longer are the region's. */
  | { readonly kind: 'left'; readonly addresses: readonly string[] }
  /** The program, or its watch of a site, began anew: what it said last holds, but it will not say that it ended. */
  | { readonly kind: 'begun' }

export const incidentKinds: readonly StoredEvent['kind'][] = [
  'health', 'mode', 'decided', 'written', 'verified', 'provider-failed', 'provider-recovered', 'repointed', 'promoted', 'site-failed', 'service',
]

const keyOf = ({ name, type }: z.infer<typeof Key>): string => `${name} ${type}`

const timeOf = (text: string | null | undefined): number | undefined => {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? undefined : ms
}

const read = <T>(shape: z.ZodType<T>, data: unknown, make: (value: T) => IncidentFact | undefined): IncidentFact | undefined => {
  const found = shape.safeParse(data)
  return found.success ? make(found.data) : undefined
}

/** What an event says about incidents; undefined: nothing. */
export const incidentFact = ({ kind, text, data }: StoredEvent): IncidentFact | undefined => {
  switch (kind) {
    case 'health':
      return read(Health, data, (value) => ({ kind, to: value.to, cause: value.cause ?? value.text ?? text, failingSinceMs: timeOf(value.failingSince) }))
    case 'mode':
      return read(Mode, data, (value) => ({ kind, key: keyOf(value.key), to: value.to }))
    case 'decided':
      return read(Decided, data, ({ key, entry, from }) => ({ kind, key: keyOf(key), rule: entry.rule, isFirst: from === undefined || from === null }))
    case 'written':
      return read(Written, data, ({ changes }) => ({
        kind,
        keys: changes.map(({ key }) => keyOf(key)),
        removals: changes.flatMap(({ key, before, after }) => before.values.filter((value) => !after.values.includes(value)).map((address) => ({ key: keyOf(key), address }))),
      }))
    case 'verified':
      return read(Verified, data, ({ key, expected, outcome, timeToEffectMs, servers = [] }) => ({
        kind,
        key: keyOf(key),
        expected,
        outcome,
        effectMs: timeToEffectMs ?? undefined,
        differing: servers.filter(({ standing }) => standing === 'differs').map(({ name }) => name),
      }))
    case 'provider-failed':
    case 'provider-recovered':
      return { kind }
    case 'repointed':
    case 'promoted':
      return read(Moved, data, ({ from, to }) => ({ kind: 'left', addresses: from.filter((each) => !to.includes(each)) }))
    case 'site-failed':
      return { kind: 'begun' }
    case 'service':
      return read(Service, data, ({ event }) => (event === 'started' || event === 'reloaded' ? { kind: 'begun' } : undefined))
    default:
      return undefined
  }
}
