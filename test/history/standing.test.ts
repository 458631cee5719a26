import { expect, it } from 'vitest'
import type { DrainView, SiteView } from '../../src/engine/views.ts'
import { standingsOf, watchOf } from '../../src/history/standing.ts'
import { createWatcher } from '../../src/history/watcher.ts'
import { addressView, ams, msk, regionView, site, siteView } from './samples.ts'

const drain: DrainView = {
  region: 'msk',
  origin: 'order',
  since: '',
  until: null,
  reason: '',
  by: '',
  isForced: false,
  progress: { phase: 'safe', text: '', servers: [], expiresAt: null, safeSince: null },
}

const mskIs = (state: 'up' | 'down' | 'unknown', isPublished = true): ReturnType<typeof regionView> => regionView('msk', addressView(msk, state, isPublished))
const amsIs = (state: 'up' | 'down' | 'unknown', isPublished = true): ReturnType<typeof regionView> => regionView('ams', addressView(ams, state, isPublished))
const none = regionView('none')

const cases: readonly (readonly [title: string, view: SiteView, own: string, regions: readonly string[]])[] = [
  ['all are up', siteView(mskIs('up'), amsIs('up')), 'up', ['up', 'up']],
  ['one is down', siteView(mskIs('down', false), amsIs('up')), 'up degraded', ['down', 'up']],
  ['one is down, and drained', siteView({ ...mskIs('down', false), drain }, amsIs('up')), 'up', ['down', 'up']],
  ['only what is not published is up', siteView(mskIs('up', false), amsIs('down')), 'down', ['up', 'down']],
  ['all are down', siteView(mskIs('down'), amsIs('down')), 'down', ['down', 'down']],
  ['none is known', siteView(mskIs('unknown'), amsIs('unknown')), 'unknown', ['unknown', 'unknown']],
  ['one is down, one unknown', siteView(mskIs('down'), amsIs('unknown')), 'unknown', ['down', 'unknown']],
  ['nothing is published, as far as is known', siteView(mskIs('up', false), none), 'unknown', ['up', 'unknown']],
  ['one of a region’s two is up', siteView(regionView('msk', addressView(msk, 'down', true), addressView(ams, 'up', true))), 'up degraded', ['up']],
  ['a foreign one serves', { ...siteView(mskIs('down', false)), others: [{ ...addressView(ams, 'up', true), standing: 'foreign' }] }, 'up degraded', ['down']],
]

it.each(cases)('%s', (_title, view, own, regions) => {
  const standings = standingsOf(view)
  const [last] = standings.slice(-1)
  expect(`${last?.state}${last?.isDegraded === true ? ' degraded' : ''}`).toBe(own)
  expect(standings.filter(({ region, address }) => region !== '' && address === '').map(({ state }) => state)).toEqual(regions)
})

it('counts the time between two samples, but not that in which nobody watched', () => {
  let now = 0
  const seen: string[] = []
  const watch = createWatcher(() => now, (of, { region, address, state }, sums) => {
    if (region === '' && address === '') seen.push(`${of} ${state} ${sums.upMs} ${sums.downMs}`)
  })
  watch([siteView(mskIs('up'))])
  now = 5_000
  watch([siteView(mskIs('down'))])
  now = 12_000
  watch([siteView(mskIs('up'))])
  now = 400_000
  watch([siteView(mskIs('up'))])
  watch([])
  now = 405_000
  watch([siteView(mskIs('up'))])
  expect(seen).toEqual([`${site} up 5000 0`, `${site} down 0 7000`, `${site} up 10000 0`])
})

it('sums to the time that passed', () => {
  for (const each of standingsOf(siteView(mskIs('up'), amsIs('down'), none))) {
    const { upMs, downMs, unknownMs } = watchOf(each, 70)
    expect(upMs + downMs + unknownMs).toBe(70)
  }
})
