import type { IncidentView } from '../engine/history-port.ts'

/** An incident as it goes on, or has ended. Times: milliseconds since the epoch. */
export interface Incident {
  readonly id: number
  readonly site: string
  readonly region: string | null
  readonly address: string | null
  readonly kind: IncidentView['kind']
  readonly cause: string
  readonly startedAt: number
  readonly saidAt: number
  readonly endedAt: number | undefined
  /** When it was taken out, by RRset, and when that was seen everywhere. Of an address that is down. */
  readonly removals: Readonly<Record<string, { readonly at: number; readonly seenAt: number | undefined }>>
}

/** An address's removal from an RRset was written. */
export const withRemoval = (incident: Incident, key: string, at: number): Incident => ({
  ...incident,
  removals: { ...incident.removals, [key]: { at, seenAt: undefined } },
})

/** An RRset was seen everywhere without it. */
export const withAgreement = (incident: Incident, key: string, seenAt: number): Incident => {
  const removal = incident.removals[key]
  if (removal === undefined || removal.seenAt !== undefined) return incident
  return { ...incident, removals: { ...incident.removals, [key]: { at: removal.at, seenAt } } }
}

/** Of several RRsets the last counts; null until all are known. */
const lastOf = (times: readonly (number | undefined)[], from: number): number | null => {
  const known = times.filter((each) => each !== undefined)
  return known.length === 0 || known.length < times.length ? null : Math.max(0, Math.round(Math.max(...known) - from))
}

export const incidentView = (incident: Incident, nowMs: number): IncidentView => {
  const { id, site, region, address, kind, cause, startedAt, saidAt, endedAt } = incident
  const removals = Object.values(incident.removals)
  return {
    id,
    site,
    region,
    address,
    kind,
    cause,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === undefined ? null : new Date(endedAt).toISOString(),
    durationMs: Math.max(0, (endedAt ?? nowMs) - startedAt),
    detectMs: kind === 'down' ? Math.max(0, saidAt - startedAt) : null,
    withdrawMs: lastOf(removals.map(({ at }) => at), startedAt),
    effectMs: lastOf(removals.map(({ seenAt }) => seenAt), startedAt),
  }
}
