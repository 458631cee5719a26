import type { ZoneRRset } from './zone.ts'

const keyOf = (rrset: ZoneRRset): string => `${rrset.name} ${rrset.type}`
const byKey = (rrsets: readonly ZoneRRset[]): ReadonlyMap<string, ZoneRRset> => new Map(rrsets.map((rrset) => [keyOf(rrset), rrset]))
const same = (a: ZoneRRset | undefined, b: ZoneRRset | undefined): boolean =>
  JSON.stringify([a?.ttl, a?.data]) === JSON.stringify([b?.ttl, b?.data])

/**
 * The RRsets to start with, from those configured now, those configured at the last start (`base`), and those saved.
 * What was changed while running stays; an RRset that was edited in the config since the last start is as configured.
 */
export const mergeRecords = (
  configured: readonly ZoneRRset[],
  saved: { readonly base: readonly ZoneRRset[]; readonly records: readonly ZoneRRset[] },
): readonly ZoneRRset[] => {
  const [now, then, kept] = [byKey(configured), byKey(saved.base), byKey(saved.records)]
  return [...new Set([...now.keys(), ...kept.keys(), ...then.keys()])].flatMap((key) => {
    const wasEdited = !same(now.get(key), then.get(key))
    return (wasEdited ? now.get(key) : kept.get(key)) ?? []
  })
}
