import { type Address } from '../../src/core/address.ts'
import { type Change, content, type CurrentRRset, keyText, type RRsetContent, type RRsetKey, sameContent } from '../../src/core/rrset.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { ProviderError } from '../../src/providers/provider-error.ts'
import type { Random } from './random.ts'
import { type Schedule } from './schedule.ts'
import type { VirtualTime } from './virtual-time.ts'
import { isWithin } from './world.ts'

export interface Mutation {
  readonly at: number
  readonly key: RRsetKey
  readonly before: RRsetContent
  readonly after: RRsetContent
  /** Absent where somebody else did it. */
  readonly change: Change | undefined
}

/** The zone as the name servers answer it, and a provider in front of it that fails as scheduled. */
export interface SimulatedZone {
  readonly provider: Provider
  content(key: RRsetKey): RRsetContent
  /** What the name server answers, which may lag behind. */
  answer(key: RRsetKey): RRsetContent
  /** Somebody else's edit. */
  edit(key: RRsetKey, to: RRsetContent): void
}

const absent = content([], 0, [])

/** A provider that cannot compare works record by record: what it was not told of stays. */
const merged = (actual: RRsetContent, change: Change): RRsetContent => {
  const gone = new Set<Address>(change.before.values.filter((value) => !change.after.values.includes(value)))
  const values = [...actual.values.filter((value) => !gone.has(value)), ...change.after.values.filter((value) => !change.before.values.includes(value))]
  const owned = change.after.owned.filter((value) => values.includes(value))
  return content(values, change.after.ttl === 0 ? actual.ttl : change.after.ttl, owned)
}

export const createZone = (schedule: Schedule, time: VirtualTime, random: Random, onMutation: (mutation: Mutation) => void): SimulatedZone => {
  const sets = new Map<string, RRsetContent>()
  const history = new Map<string, { readonly at: number; readonly is: RRsetContent }[]>()
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void time.at(time.now() + ms, resolve))
  const get = (key: RRsetKey): RRsetContent => sets.get(keyText(key)) ?? absent

  const answer = (key: RRsetKey): RRsetContent =>
    history.get(keyText(key))?.findLast((each) => each.at <= time.now() - schedule.operations.lagMs)?.is ?? absent

  const put = (key: RRsetKey, after: RRsetContent, change: Change | undefined): void => {
    const before = get(key)
    sets.set(keyText(key), after)
    const since = time.now() === 0 ? Number.NEGATIVE_INFINITY : time.now()
    history.set(keyText(key), [...(history.get(keyText(key)) ?? []), { at: since, is: after }])
    onMutation({ at: time.now(), key, before, after, change })
  }

  const conflicts = (change: Change): boolean =>
    schedule.compareAndSet && !sameContent(get(change.key), change.before) && !sameContent(get(change.key), change.after)

  const commit = (changes: readonly Change[]): 'done' | 'conflict' => {
    if (changes.some(conflicts)) return 'conflict'
    for (const change of changes) {
      const after = schedule.compareAndSet ? change.after : merged(get(change.key), change)
      if (!sameContent(get(change.key), after)) put(change.key, after, change)
    }
    return 'done'
  }

  const fail = (message: string, code: 'unavailable' | 'conflict', outcome: 'unchanged' | 'unknown'): never => {
    throw new ProviderError(`simulated: ${message}`, { code, outcome })
  }

  const provider: Provider = {
    capabilities: { compareAndSet: schedule.compareAndSet, marks: 'txt', minTtl: 1, batch: random.pick([1, 100]) },
    zoneOf: async (name) => name,
    read: async (keys): Promise<readonly CurrentRRset[]> => {
      const fault = schedule.provider.find((each) => isWithin(time.now(), each))
      await wait(fault?.kind === 'slow' ? random.between(500, 4_000) : random.between(5, 60))
      if (fault?.kind === 'unavailable') fail('the provider is down', 'unavailable', 'unchanged')
      return keys.map((key) => ({ key, ...get(key) }))
    },
    apply: async (changes) => {
      const fault = schedule.provider.find((each) => isWithin(time.now(), each))
      await wait(fault?.kind === 'slow' ? random.between(500, 6_000) : random.between(5, 60))
      switch (fault?.kind) {
        case 'unavailable':
          return fail('the provider is down', 'unavailable', 'unchanged')
        case 'request-lost':
          await wait(1_000)
          return fail('no reply', 'unavailable', 'unknown')
        case 'late':
          time.at(time.now() + random.between(100, 5_000), () => void commit(changes))
          return fail('no reply yet', 'unavailable', 'unknown')
        case 'slow':
        case 'reply-lost':
        case undefined: {
          if (commit(changes) === 'conflict') return fail('the records moved', 'conflict', 'unchanged')
          if (fault?.kind === 'reply-lost') return fail('the reply was lost', 'unavailable', 'unknown')
        }
      }
    },
  }
  return { provider, content: get, answer, edit: (key, to) => put(key, to, undefined) }
}
