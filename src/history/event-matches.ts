import type { EventQuery, StoredEvent } from '../engine/history-port.ts'

/** Whether a query asks for an event: as the file's own conditions say it, for events that are in memory only. */
export const eventMatches = (event: StoredEvent, { site, region, kinds, since, until, after, before }: EventQuery): boolean => {
  const at = Date.parse(event.at)
  return (
    (site === undefined || event.site === site) &&
    (region === undefined || event.region === region) &&
    (kinds === undefined || kinds.includes(event.kind)) &&
    (since === undefined || at >= Date.parse(since)) &&
    (until === undefined || at < Date.parse(until)) &&
    (after === undefined || event.id > after) &&
    (before === undefined || event.id < before)
  )
}
