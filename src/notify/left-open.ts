import type { EngineEvent } from '../engine/events.ts'
import type { Alert } from './alert.ts'
import { isOver, isSettled, nothingShown, type Shown, withShown } from './over-since-start.ts'
import { spanText } from './span-text.ts'
import type { Told } from './told.ts'

/** What is watched now. */
export interface Watched {
  /** By the config; undefined: the site is in it no more. */
  providerOf(site: string): string | undefined
  /** All sites of a provider by the config that a target asks for. */
  sitesOf(provider: string, target: string): readonly string[]
  /** Within which it has come out what is wrong with a site's content. Milliseconds. */
  contentMsOf(site: string): number
  /** All addresses of a site; undefined: not known yet. */
  addressesOf(site: string): readonly string[] | undefined
}

export interface Ended {
  readonly target: string
  readonly alert: Alert
}

/** What the process before told to be wrong, until it is known how that stands now. */
export interface LeftOpen {
  /** Since when, milliseconds since the epoch; undefined: nobody was told. */
  since(key: string): number | undefined
  /** It is wrong now as well: from here its end is told like any other. Whether the target knows of it already. */
  take(target: string, key: string): boolean
  /** What is over by all that is known with this event; each once. */
  heard(event: EngineEvent, at: number): readonly Ended[]
}

const lookMs = 5_000

const endOf = ({ target, kind, key, site, region, address, title, since }: Told, at: number): Ended => ({
  target,
  alert: {
    kind: kind === 'region-down' ? 'region-up' : kind,
    key,
    site,
    region,
    address,
    severity: 'info',
    isResolved: true,
    isAgain: false,
    title: `no longer so: ${title}`,
    text: `it began ${spanText(at - since)} ago, and ended while the service did not run or soon after its start`,
    at,
    facts: {},
  },
})

export const createLeftOpen = (before: readonly Told[], watched: Watched): LeftOpen => {
  let left = before
  let shown: ReadonlyMap<string, Shown> = new Map()
  let lookedAt = Number.NEGATIVE_INFINITY
  const shownOf = (site: string): Shown => shown.get(site) ?? nothingShown

  const isProviderFine = (provider: string, target: string, at: number): boolean => watched.sitesOf(provider, target).every((site) => isSettled(shownOf(site), at))

  const isGone = ({ site, address }: Told): boolean => {
    if (address === undefined) return false
    const addresses = watched.addressesOf(site)
    return addresses !== undefined && !addresses.includes(address)
  }

  /** Judged at the events of its own site; what takes a look around now and then, whatever site speaks. */
  const isOverNow = (told: Told, event: EngineEvent, at: number, isLook: boolean): boolean => {
    const { key, site, provider, target } = told
    if (provider !== undefined) return isLook && isProviderFine(provider, target, at)
    if (isLook && (watched.providerOf(site) === undefined || isGone(told))) return true
    return site === event.site && isOver(key, shownOf(site), at, watched.contentMsOf(site))
  }

  return {
    since: (key) => left.find((told) => told.key === key)?.since,
    take: (target, key) => {
      const rest = left.filter((told) => told.target !== target || told.key !== key)
      const isKnown = rest.length < left.length
      left = rest
      return isKnown
    },
    heard: (event, at) => {
      if (left.length === 0) return []
      const known = shownOf(event.site)
      const now = withShown(known, event, at)
      if (now !== known) shown = new Map(shown).set(event.site, now)
      // A site whose records stay as they are has no cycles; its checks speak all the time.
      const isLook = event.kind === 'cycled' || Math.abs(at - lookedAt) >= lookMs
      if (isLook) lookedAt = at
      const over = left.filter((told) => isOverNow(told, event, at, isLook))
      if (over.length > 0) left = left.filter((told) => !over.includes(told))
      return over.map((told) => endOf(told, at))
    },
  }
}
