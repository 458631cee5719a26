import { type Address, isPublishable, scopeOf } from '../core/address.ts'
import { type Decision } from '../core/decision.ts'
import { keyText } from '../core/rrset.ts'
import type { Region, Site } from '../core/site.ts'
import { drainOf, regionOf, regionState, unresolvedRegions } from '../core/site-state.ts'
import type { OnceResult } from '../engine/once.ts'
import { pauseText } from './pause-text.ts'
import { neededMs, secondsText } from './reconcile-time.ts'

/** Why something was not done that otherwise might have been, cannot be known, or is not as it should be. */
export interface Hold {
  readonly kind:
    | 'paused'
    | 'guard'
    | 'blind'
    | 'fail-open'
    | 'fail-closed'
    | 'no-record-yet'
    | 'undecided'
    | 'never-passed'
    | 'budget'
    | 'floor'
    | 'unresolved'
    | 'unpublishable'
    | 'state-not-saved'
  readonly address: Address | undefined
  readonly text: string
}

/** What to know although nothing is held up by it. */
export interface Warning {
  readonly kind: 'never-passed' | 'timeout' | 'obstacle'
  readonly text: string
}

/** What the run knows besides its result. */
export interface RunFacts {
  /** Whether it was ended from outside: then nothing undecided or unresolved means anything. */
  readonly isInterrupted: boolean
  /** Milliseconds that the checks were given. */
  readonly checksMs: number
  /** Why the state could not be saved. */
  readonly unsaved: string | undefined
}

const hold = (kind: Hold['kind'], text: string, address?: Address): Hold => ({ kind, address, text })

/** An address that could not be decided holds the run up only if a region leads to it and nobody drained that. */
const undecidedHolds = (site: Site, { undecided, state }: OnceResult, { checksMs }: RunFacts): readonly Hold[] => {
  const needed = neededMs(site.check)
  const late = checksMs < needed ? ` (a verdict needs ${secondsText(needed)}, --timeout is ${secondsText(checksMs)})` : ''
  return undecided.flatMap((address): readonly Hold[] => {
    const region = regionOf(address, site, state)
    if (region === undefined || drainOf(state, region.name) !== undefined) return []
    return [hold('undecided', `${address} (${region.name}) could not be decided in this run: it stays as it is${late}`, address)]
  })
}

const entryHolds = ({ cycle }: OnceResult): readonly Hold[] =>
  cycle.decisions.flatMap((decision) =>
    decision.entries.flatMap(({ address, rule, text, wasPublished }): readonly Hold[] => {
      const isHeld = rule === 'budget' || rule === 'floor' || (rule === 'never-passed' && wasPublished)
      return isHeld ? [hold(rule, `${keyText(decision.key)} keeps ${address}: ${text}`, address)] : []
    }),
  )

/** Whether a set is not made because nothing is up: the core calls it failing open, but nothing is opened. */
export const hasNoRecordYet = ({ mode, entries }: Decision): boolean => mode === 'fail-open' && entries.some(({ rule }) => rule === 'no-record-yet')

const publishes = ({ entries }: Decision): boolean => entries.some(({ action }) => action === 'publish')

const modeHolds = ({ policy }: Site, { cycle: { decisions } }: OnceResult): readonly Hold[] =>
  decisions.flatMap((decision): readonly Hold[] => {
    const name = keyText(decision.key)
    switch (decision.mode) {
      case 'blind':
        return [hold('blind', `${name}: checks fail, and nothing else answers us; we may be the ones cut off, so nothing moves`)]
      case 'fail-closed':
        return [hold('fail-closed', `${name} fails closed, as configured: too few addresses are up, and none that is down is published; heal a region`)]
      case 'fail-open': {
        if (publishes(decision)) return [hold('fail-open', `${name} fails open: fewer addresses are up than "failOpenBelow" says (${policy.failOpenBelow}); heal a region`)]
        // One family is enough to be reached: a name that is only now being made has nothing over the other.
        const isServed = decisions.some((other) => other.key.name === decision.key.name && publishes(other))
        const isSaid = decision.entries.every(({ rule }) => rule === 'unpublishable')
        return isServed || isSaid ? [] : [hold('no-record-yet', `${name} is not made: nothing is up that it could lead to; heal a region, or correct the check`)]
      }
      case 'normal':
      case 'undecided':
      case 'family-drained':
      case 'family-down':
        return []
    }
  })

const unresolvedHolds = (site: Site, { state }: OnceResult): readonly Hold[] => {
  const texts = unresolvedRegions(site, state).map(({ region, detail }) => {
    const isKnown = (regionState(state, region)?.addresses ?? []).length > 0
    return `region ${region} cannot be resolved, ${isKnown ? 'its last known addresses stay' : 'and no address of it is known'}: ${detail}`
  })
  return [...new Set(texts)].map((text) => hold('unresolved', text))
}

const addressesOf = (region: Region, { state }: OnceResult): readonly Address[] => regionState(state, region.name)?.addresses ?? []

const unpublishableHolds = (site: Site, result: OnceResult): readonly Hold[] =>
  site.regions.flatMap((region): readonly Hold[] => {
    const addresses = addressesOf(region, result)
    if (addresses.length === 0 || addresses.some((address) => isPublishable(address, site.policy.allowPrivate))) return []
    const mayBeAllowed = addresses.some((address) => isPublishable(address, true))
    // The config refuses fixed addresses that may not be published.
    const where = region.source.kind === 'service' ? `the records of ${region.source.service}` : 'its "addresses"'
    const advice = `correct ${where}${mayBeAllowed ? ', or set "allowPrivate: true" if that is meant' : ''}`
    const kinds = addresses.map((address) => `${address} (${scopeOf(address)})`).join(', ')
    return [hold('unpublishable', `region ${region.name} leads only to ${kinds}, which may not be published; ${advice}`)]
  })

/** All that holds one site's run up. */
export const holdsOf = (site: Site, result: OnceResult, facts: RunFacts): readonly Hold[] => {
  const { pause, planned } = result.cycle
  const paused = pause === undefined ? [] : [hold('paused', `${pauseText(pause)}; nothing was written. "dns-failover resume" ends it`)]
  const guarded = planned.flatMap(({ verdict }) => (verdict.kind === 'refused' ? [hold('guard', `refused (${verdict.code}): ${verdict.text}`)] : []))
  const unsaved = facts.unsaved === undefined ? [] : [hold('state-not-saved', `what this run has learned could not be saved: ${facts.unsaved}`)]
  const seen = facts.isInterrupted
    ? []
    : [...modeHolds(site, result), ...undecidedHolds(site, result, facts), ...entryHolds(result), ...unresolvedHolds(site, result), ...unpublishableHolds(site, result)]
  return [...paused, ...guarded, ...seen, ...unsaved]
}

/** A region that waits to be published for the first time, and fails. */
const neverPassed = (site: Site, result: OnceResult): readonly Warning[] =>
  site.regions.flatMap((region): readonly Warning[] => {
    const addresses = addressesOf(region, result)
    const entries = result.cycle.decisions.flatMap((decision) => decision.entries.filter(({ address }) => addresses.includes(address)))
    const isWaiting = entries.length > 0 && entries.every(({ rule, wasPublished }) => rule === 'never-passed' && !wasPublished)
    if (!isWaiting) return []
    return [{ kind: 'never-passed', text: `region ${region.name} is not published: ${addresses.join(', ')} never passed this check; correct the server, or the check` }]
  })

/** What is to be known of one site's run besides. */
export const warningsOf = (site: Site, result: OnceResult, { isInterrupted, checksMs }: RunFacts): readonly Warning[] => {
  const needed = neededMs(site.check)
  const short: readonly Warning[] =
    checksMs < needed ? [{ kind: 'timeout', text: `a verdict on an address that does not answer needs ${secondsText(needed)}, --timeout is ${secondsText(checksMs)}` }] : []
  // The first one is the run's error.
  const others = result.cycle.obstacles.slice(1).map(({ message }): Warning => ({ kind: 'obstacle', text: message }))
  return [...short, ...(isInterrupted ? [] : neverPassed(site, result)), ...others]
}
