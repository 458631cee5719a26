import type { Fqdn } from '../core/fqdn.ts'
import { keyText, type RRsetKey, sameKey } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import type { Provider } from '../providers/provider.ts'
import { inTurns } from './in-turns.ts'
import type { Clock } from './ports.ts'
import { createReadTogether, type ReadTogether } from './read-together.ts'
import { keysOf } from './site-keys.ts'
import { type ReadOutcome, readCurrent } from './write.ts'

/** Takes a site's share of what was read; a share without some of its records says nothing of these. */
export type TakeRecords = (read: ReadOutcome, startedAt: number) => void

/** Readings that the sites of a zone share: the drift audit, for what somebody may have edited, and those that sites ask for. */
export interface ZoneAudit {
  /** From now on, until the signal aborts, the site gets its records whenever they were read. */
  join(site: Site, provider: Provider, take: TakeRecords, signal: AbortSignal): void
  /** One audit of all zones. Never rejects. */
  run(signal: AbortSignal): Promise<void>
  /** A reading that a site asks for, with all others who ask meanwhile. */
  readonly readTogether: ReadTogether
}

interface Member {
  readonly provider: Provider
  readonly keys: readonly RRsetKey[]
  readonly take: TakeRecords
}

interface Reading {
  readonly provider: Provider
  readonly zone: Fqdn
  readonly keys: readonly RRsetKey[]
}

/** Where the provider cannot say which zone it is, the name is read by itself. */
const zoneOf = async (provider: Provider, name: Fqdn, signal: AbortSignal): Promise<Fqdn> => {
  try {
    return (await provider.zoneOf(name, signal)) ?? name
  } catch {
    return name
  }
}

export const createZoneAudit = (clock: Pick<Clock, 'now'>): ZoneAudit => {
  const members = new Set<Member>()

  const readings = async (signal: AbortSignal): Promise<readonly Reading[]> => {
    const wanted = [...members].flatMap(({ provider, keys }) => keys.map((key) => ({ provider, key })))
    const zones = new Map<Provider, Map<Fqdn, Promise<Fqdn>>>()
    const askOnce = (provider: Provider, name: Fqdn): Promise<Fqdn> => {
      const known = zones.get(provider) ?? new Map<Fqdn, Promise<Fqdn>>()
      zones.set(provider, known)
      const zone = known.get(name) ?? zoneOf(provider, name, signal)
      known.set(name, zone)
      return zone
    }
    const placed = await Promise.all(wanted.map(async ({ provider, key }) => ({ provider, key, zone: await askOnce(provider, key.name) })))
    const found: { provider: Provider; zone: Fqdn; keys: Map<string, RRsetKey> }[] = []
    for (const { provider, key, zone } of placed) {
      const same = found.find((each) => each.provider === provider && each.zone === zone)
      if (same === undefined) found.push({ provider, zone, keys: new Map([[keyText(key), key]]) })
      else same.keys.set(keyText(key), key)
    }
    return found.map((each) => ({ ...each, keys: [...each.keys.values()] }))
  }

  const readOne = async ({ provider, keys }: Pick<Reading, 'provider' | 'keys'>, sharers: readonly Member[], signal: AbortSignal): Promise<void> => {
    const startedAt = clock.now()
    const read = await readCurrent(provider, keys, signal)
    if (signal.aborted) return
    const isObstructed = read.kind === 'failed' ? read.error.obstacle !== undefined : read.obstacles.length > 0
    const byKey = new Map(read.kind === 'failed' ? [] : read.current.map((rrset) => [keyText(rrset.key), rrset]))
    const takeOne = ({ keys: wanted, take }: Member): void => take(read.kind === 'failed' ? read : { ...read, current: wanted.flatMap((key) => byKey.get(keyText(key)) ?? []) }, startedAt)
    // What is in the way at one site's name is not the others' trouble.
    if (isObstructed && sharers.length > 1) await Promise.all(sharers.map((member) => readOne({ provider, keys: keys.filter((key) => member.keys.some((each) => sameKey(each, key))) }, [member], signal)))
    else await inTurns(sharers, (member) => (members.has(member) ? takeOne(member) : undefined))
  }

  const sharersOf = ({ provider, keys }: Reading): readonly Member[] => {
    const texts = new Set(keys.map(keyText))
    return [...members].filter((member) => member.provider === provider && member.keys.some((key) => texts.has(keyText(key))))
  }

  return {
    readTogether: createReadTogether(clock),
    join: (site, provider, take, signal) => {
      if (signal.aborted) return
      const member: Member = { provider, keys: keysOf(site), take }
      members.add(member)
      signal.addEventListener('abort', () => members.delete(member), { once: true })
    },
    run: async (signal) => {
      const all = await readings(signal)
      await Promise.all(all.map((each) => readOne(each, sharersOf(each), signal)))
    },
  }
}
