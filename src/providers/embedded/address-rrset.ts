import { parseAddress } from '../../core/address.ts'
import { isWithin } from '../../core/fqdn.ts'
import { decodeMark, encodeMark, markName } from '../../core/mark.ts'
import { type Change, content, type CurrentRRset, keyText, type RRsetKey, sameContent } from '../../core/rrset.ts'
import { ProviderError } from '../provider-error.ts'
import { formatStrings, parseStrings } from './character-strings.ts'
import { delegationOf } from './lookup.ts'
import { findRRset, parseRRset, type StoredRRset, withRRsets, type Zone, type ZoneRRset } from './zone.ts'

/** Seconds: the TTL of a mark beside no records. */
const markTtlWhenEmpty = 300

const textOf = (data: string): readonly string[] => (parseStrings(data) ?? []).map((bytes) => bytes.toString('latin1'))

/** Why address records at this name are impossible or would not be seen. */
const obstacleAt = (zone: Zone, key: RRsetKey): ProviderError | undefined => {
  const facts = { code: 'rejected', outcome: 'unchanged' } as const
  if (!isWithin(key.name, zone.origin)) return new ProviderError(`${key.name} is not in the zone ${zone.origin}`, { ...facts, obstacle: 'not-in-zone' })
  const cut = delegationOf(zone, key.name)
  if (cut !== undefined) {
    return new ProviderError(`${key.name} is delegated: ${cut.name} has NS ${cut.data.join(', ')}; write at the servers that it is delegated to`, { ...facts, obstacle: 'delegation' })
  }
  const alias = findRRset(zone, key.name, 'CNAME')
  if (alias === undefined) return undefined
  return new ProviderError(`${key.name} is an alias (CNAME ${alias.data.join()}), which cannot hold address records; remove it first`, { ...facts, obstacle: 'cname' })
}

/** The RRset with its mark as the zone holds it. @throws ProviderError with the obstacle at the name. */
export const readRRset = (zone: Zone, key: RRsetKey): CurrentRRset => {
  const obstacle = obstacleAt(zone, key)
  if (obstacle !== undefined) throw obstacle
  const rrset = findRRset(zone, key.name, key.type)
  const marks = findRRset(zone, markName(key) ?? '', 'TXT')?.data ?? []
  const owned = marks.flatMap((data) => decodeMark(textOf(data)) ?? [])
  const values = (rrset?.data ?? []).flatMap((text) => parseAddress(text) ?? [])
  return { key, ...content(values, rrset?.ttl ?? 0, owned) }
}

const stored = (zone: Zone, rrset: ZoneRRset): StoredRRset => {
  const parsed = parseRRset(zone.origin, rrset)
  if (typeof parsed !== 'string') return parsed
  throw new ProviderError(parsed, { code: 'rejected', outcome: 'unchanged' })
}

/** The TXT RRset beside the name once our mark says `after.owned`; what others keep there stays. */
const markedTxt = (zone: Zone, { key, after }: Change): ZoneRRset | undefined => {
  const name = markName(key)
  if (name === undefined) {
    if (after.owned.length === 0) return undefined
    throw new ProviderError(`the name of the ownership mark of ${keyText(key)} would be longer than 253 characters`, { code: 'rejected', outcome: 'unchanged' })
  }
  const current = findRRset(zone, name, 'TXT')
  const others = (current?.data ?? []).filter((data) => decodeMark(textOf(data)) === undefined)
  const mark = after.owned.length === 0 ? [] : [formatStrings(encodeMark(after.owned).map((string) => Buffer.from(string)))]
  const markTtl = after.values.length === 0 ? markTtlWhenEmpty : after.ttl
  return { name, type: 'TXT', ttl: mark.length === 0 ? (current?.ttl ?? markTtl) : markTtl, data: [...others, ...mark] }
}

const applyChange = (zone: Zone, change: Change): Zone => {
  const { key, before, after } = change
  const current = readRRset(zone, key)
  if (!sameContent(current, before) && !sameContent(current, after)) {
    throw new ProviderError(
      `${keyText(key)} holds ${current.values.join(', ') || 'nothing'} (TTL ${current.ttl}, ours: ${current.owned.join(', ') || 'none'}), not what was read before; read again and plan again`,
      { code: 'conflict', outcome: 'unchanged' },
    )
  }
  const txt = markedTxt(zone, change)
  const sets = [{ name: key.name, type: key.type, ttl: after.ttl, data: after.values }, ...(txt === undefined ? [] : [txt])]
  const next = withRRsets(zone, {
    remove: sets.filter((set) => set.data.length === 0),
    put: sets.filter((set) => set.data.length > 0).map((set) => stored(zone, set)),
  })
  if (typeof next !== 'string') return next
  throw new ProviderError(next, { code: 'rejected', outcome: 'unchanged' })
}

/** The zone after all the changes, its serial as it was. @throws ProviderError if one of them cannot be made; then none is. */
export const applyChanges = (zone: Zone, changes: readonly Change[]): Zone => changes.reduce(applyChange, zone)
