import { type Health, isPairwise } from '../core/health.ts'
import type { SiteState } from '../core/site-state.ts'
import type { SitePorts, StateStore } from './ports.ts'

/** Milliseconds until a state that could not be saved is tried again without need. */
const againMs = 10_000

/** A count of time is saved no more often than so. Milliseconds. */
const savedEveryMs = 10_000

/** What must outlive a kill of any kind: not each check, but what checks have come to say. */
const essence = (state: SiteState): string =>
  JSON.stringify([
    state.regions,
    state.retired,
    state.removals,
    Object.entries(state.words).map(([region, words]) => [region, words.map(({ source, monitor, opinion, eventAt }) => [source, monitor, opinion, eventAt])]),
    state.exposures,
    state.versions,
    state.led,
    state.places,
    Object.keys(state.safe),
    Object.entries(state.promotions).map(([region, { downMs }]) => [region, Math.floor(downMs / savedEveryMs)]),
    Object.entries(state.health).map(([address, { identity, state: is, judged, hasPassed, falls, readmitAt }]) => [address, identity, is, judged, hasPassed, falls.weight, readmitAt]),
  ])

const isAsGood = (before: Health, after: Health): boolean =>
  before.identity === after.identity && before.state === after.state && before.judged === after.judged && before.hasPassed === after.hasPassed && before.falls === after.falls && before.readmitAt === after.readmitAt

/** Told without an essence: what has not been touched since is the very same. */
const isUntouched = (before: SiteState, after: SiteState): boolean =>
  before.regions === after.regions &&
  before.retired === after.retired &&
  before.removals === after.removals &&
  before.words === after.words &&
  before.exposures === after.exposures &&
  before.versions === after.versions &&
  before.led === after.led &&
  before.places === after.places &&
  before.safe === after.safe &&
  before.promotions === after.promotions &&
  isPairwise(before.health, after.health, isAsGood)

/** Saves a site's state when it has come to say something else. Trouble with it is said once, and so is its end. */
export interface Keeper {
  /** A store that never rejects: a state that cannot be saved does not stop failover. */
  readonly store: StateStore
  /** Saves in the background if there is something new to save. */
  keep(state: SiteState): void
  /** Saves what is left to save, and settles when all is done. */
  finish(state: SiteState): Promise<void>
}

export const createKeeper = (site: string, ports: Pick<SitePorts, 'store' | 'report' | 'clock'>): Keeper => {
  let saved: string | undefined
  /** Saves asked for: one that had to wait puts down what came meanwhile, so that none but the last says what is there. */
  let asked = 0
  /** Of which it is known that nothing of it was to be saved. */
  let known: SiteState | undefined
  let trouble: string | undefined
  let notBefore = Number.NEGATIVE_INFINITY
  let saving: Promise<void> | undefined

  const save = async (name: string, state: SiteState, isFlushed: boolean): Promise<void> => {
    known = undefined
    asked += 1
    const mine = asked
    try {
      await ports.store.save(name, state, isFlushed)
      saved = mine === asked ? essence(state) : undefined
      if (trouble !== undefined) ports.report({ site, kind: 'state-saved' })
      trouble = undefined
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      notBefore = ports.clock.now() + againMs
      if (trouble !== text) ports.report({ site, kind: 'state-not-saved', text })
      trouble = text
    }
  }

  return {
    store: { load: (name) => ports.store.load(name), save },
    keep: (state) => {
      if (saving !== undefined || ports.clock.now() < notBefore || (known !== undefined && isUntouched(known, state))) return
      known = essence(state) === saved ? state : undefined
      if (known === state) return
      saving = save(site, state, true).finally(() => {
        saving = undefined
      })
    },
    finish: async (state) => {
      await saving
      if (essence(state) !== saved) await save(site, state, true)
    },
  }
}
