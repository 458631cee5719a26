import type { IncidentView, StoredEvent } from '../engine/history-port.ts'
import { type IncidentFact, incidentFact } from './incident-facts.ts'
import { type Incident, incidentView, withAgreement, withRemoval } from './open-incident.ts'

export interface IncidentFold {
  /** In the order of their ids. */
  add(event: StoredEvent): void
  /** Those that touch a period, by when they started. What lasts is as long as until `nowMs`. */
  incidents(sinceMs: number, untilMs: number, nowMs: number): readonly IncidentView[]
}

type ModeKind = 'fail-open' | 'fail-closed' | 'blind'
const modeKinds: readonly ModeKind[] = ['fail-open', 'fail-closed', 'blind']

const downId = (site: string, address: string): string => `down ${site} ${address}`

/** A verification comes within minutes of a write: only the latest incidents can still wait for theirs. */
const mayAwait = 100

/**
 * Incidents out of events. Those of one site's records (a mode, a disagreement) last while any RRset is concerned. That the
 * program begins anew ends none: only what it then sees does.
 */
export const createIncidentFold = (): IncidentFold => {
  const open = new Map<string, Incident>()
  const ended: Incident[] = []
  /** The RRsets that an open incident is about. */
  const concerned = new Map<string, Set<string>>()
  /** By site and RRset. */
  const writtenAt = new Map<string, number>()
  /** Sites whose provider's trouble will not be said to be over. */
  const begunAnew = new Set<string>()

  const end = (id: string, at: number): void => {
    const incident = open.get(id)
    if (incident === undefined) return
    open.delete(id)
    concerned.delete(id)
    ended.push({ ...incident, endedAt: Math.max(at, incident.startedAt) })
  }

  const begin = (id: string, event: StoredEvent, kind: Incident['kind'], cause: string, startedAt?: number): void => {
    if (open.has(id) || event.site === null) return
    const saidAt = Date.parse(event.at)
    const isAddress = kind === 'down'
    const { site } = event
    open.set(id, {
      id: event.id,
      site,
      region: isAddress ? event.region : null,
      address: isAddress ? event.address : null,
      kind,
      cause,
      startedAt: Math.min(startedAt ?? saidAt, saidAt),
      saidAt,
      endedAt: undefined,
      removals: {},
    })
  }

  const concern = (id: string, key: string, isConcerned: boolean, at: number): void => {
    const keys = concerned.get(id) ?? new Set<string>()
    if (isConcerned) concerned.set(id, keys.add(key))
    else if (keys.delete(key) && keys.size === 0) end(id, at)
  }

  const setMode = (event: StoredEvent, site: string, key: string, mode: string, at: number): void => {
    for (const kind of modeKinds) {
      const id = `${kind} ${site}`
      if (mode === kind) begin(id, event, kind, `${key}: ${kind}`)
      concern(id, key, mode === kind, at)
    }
  }

  const verified = (event: StoredEvent, site: string, fact: Extract<IncidentFact, { kind: 'verified' }>, at: number): void => {
    const id = `disagreed ${site}`
    if (fact.outcome === 'disagreed') begin(id, event, 'disagreed', `${fact.key}: ${fact.differing.length === 0 ? 'answers differ' : `${fact.differing.join(', ')} differ${fact.differing.length === 1 ? 's' : ''}`}`)
    if (fact.outcome !== 'unconfirmed') concern(id, fact.key, fact.outcome === 'disagreed', at)
    if (fact.outcome !== 'agreed') return
    // The time that it took is exact; that of the event is when it was told.
    const written = writtenAt.get(`${site} ${fact.key}`)
    const seenAt = written === undefined || fact.effectMs === undefined ? at : written + fact.effectMs
    const isIt = (incident: Incident): boolean => incident.site === site && incident.address !== null && !fact.expected.includes(incident.address)
    for (const [key, incident] of open) if (isIt(incident)) open.set(key, withAgreement(incident, fact.key, seenAt))
    // A server may be back before the name servers all answer without it: the time that took still belongs to it.
    for (let index = Math.max(0, ended.length - mayAwait); index < ended.length; index++) {
      const incident = ended[index]
      if (incident !== undefined && isIt(incident)) ended[index] = withAgreement(incident, fact.key, seenAt)
    }
  }

  const add = (event: StoredEvent): void => {
    const fact = incidentFact(event)
    const at = Date.parse(event.at)
    const { site, address } = event
    if (fact === undefined) return
    if (site === null) {
      if (fact.kind === 'begun') for (const each of open.values()) begunAnew.add(each.site)
      return
    }
    switch (fact.kind) {
      case 'health':
        if (address === null) return
        if (fact.to === 'down') begin(downId(site, address), event, 'down', fact.cause, fact.failingSinceMs)
        if (fact.to === 'up') end(downId(site, address), at)
        return
      case 'mode':
        return setMode(event, site, fact.key, fact.to, at)
      case 'decided':
        // The first word on an address since the program began anew: a mode that has meanwhile become normal is not said.
        if (fact.isFirst && fact.rule === 'up') for (const kind of modeKinds) concern(`${kind} ${site}`, fact.key, false, at)
        if (fact.rule === 'replaced' && address !== null) end(downId(site, address), at)
        if (begunAnew.delete(site)) end(`provider ${site}`, at)
        return
      case 'written':
        end(`provider ${site}`, at)
        for (const key of fact.keys) writtenAt.set(`${site} ${key}`, at)
        for (const { key, address: removed } of fact.removals) {
          const incident = open.get(downId(site, removed))
          if (incident !== undefined) open.set(downId(site, removed), withRemoval(incident, key, at))
        }
        return
      case 'verified':
        return verified(event, site, fact, at)
      case 'provider-failed':
        begunAnew.delete(site)
        return begin(`provider ${site}`, event, 'provider-failed', event.text)
      case 'provider-recovered':
        return end(`provider ${site}`, at)
      case 'left':
        for (const each of fact.addresses) end(downId(site, each), at)
        return
      case 'begun':
        begunAnew.add(site)
        return
    }
  }

  return {
    add,
    incidents: (sinceMs, untilMs, nowMs) =>
      [...ended, ...open.values()]
        .filter(({ startedAt, endedAt }) => startedAt < untilMs && (endedAt ?? nowMs) >= sinceMs)
        .toSorted((a, b) => a.startedAt - b.startedAt || a.id - b.id)
        .map((incident) => incidentView(incident, nowMs)),
  }
}
