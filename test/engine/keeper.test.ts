import { expect, it } from 'vitest'
import type { SiteState } from '../../src/core/site-state.ts'
import { createKeeper } from '../../src/engine/keeper.ts'
import { systemClock } from '../../src/engine/clock.ts'
import { resolved } from '../core/known-sites.ts'
import { upHealth, v4 } from '../core/samples.ts'

const msk = v4(1)
const state = resolved({ msk: [msk] }, { health: { [msk]: upHealth() } })
const passedAgain = (of: SiteState): SiteState => ({ ...of, health: { [msk]: upHealth({ passing: 6, observedAt: 1_010 }) } })

const start = () => {
  const saved: SiteState[] = []
  const keeper = createKeeper('a', { store: { load: async () => state, save: async (_, each) => void saved.push(each) }, report: () => undefined, clock: systemClock })
  return { saved, keeper }
}

it('saves what has come to say something else, and no check that only passed', async () => {
  const { saved, keeper } = start()
  const judged: SiteState = { ...state, health: { [msk]: upHealth({ judged: 'up' }) } }
  for (const each of [state, passedAgain(state), { ...state, regions: { ...state.regions } }, judged, passedAgain(judged)]) {
    keeper.keep(each)
    await keeper.finish(each)
  }
  expect(saved).toEqual([state, judged, passedAgain(judged)])
})

it('saves again what it knew to be saved, once a write has put down something else and was not carried out', async () => {
  const { saved, keeper } = start()
  await keeper.finish(state)
  keeper.keep(passedAgain(state))
  const planned = { ...state, removals: [{ address: msk, at: 5, isUncertain: true }] }
  await keeper.store.save('a', planned, false)
  keeper.keep(passedAgain(state))
  await keeper.finish(passedAgain(state))
  expect(saved).toEqual([state, planned, passedAgain(state)])
})

it('saves again what a save that had to wait was given, but has put down as what came meanwhile', async () => {
  const [disk, waiting]: [SiteState[], (() => void)[]] = [[], []]
  const store = {
    load: async () => state,
    // As the store does while many sites save: who flushes lets the others go first, and then puts down the latest.
    save: async (_: string, each: SiteState, isFlushed: boolean) => {
      if (isFlushed && disk.length === 0) await new Promise<void>((go) => void waiting.push(go))
      disk.push(isFlushed ? (disk.at(-1) ?? each) : each)
    },
  }
  const keeper = createKeeper('a', { store, report: () => undefined, clock: systemClock })
  keeper.keep(state)
  const planned = { ...state, removals: [{ address: msk, at: 5, isUncertain: true }] }
  await keeper.store.save('a', planned, false)
  for (const go of waiting) go()
  store.save = async (_, each) => void disk.push(each)
  await keeper.finish(state)
  expect(disk).toEqual([planned, planned, state])
})
