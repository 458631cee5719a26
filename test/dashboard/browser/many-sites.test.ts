import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserMissing, startChromium } from './chromium.ts'
import { type DashboardBench, regionAddresses, startDashboardBench, tokens } from './dashboard-bench.ts'
import { layoutFaults, settled } from './layout.ts'
import { untilEqual } from './until-equal.ts'
import { visitInTest } from './visitor.ts'

const missing = browserMissing()

const nameOf = (number: number): string => `site-${String(number).padStart(4, '0')}.dash.example`

/** Checked seldom: it is the page that is looked at. */
const sitesOf =
  (count: number) =>
  (webPort: number): string =>
    Array.from(
      { length: count },
      (_, number) => `
  ${nameOf(number)}:
    allowPrivate: true
    regions: { msk: { addresses: [${regionAddresses.msk}] }, ams: { addresses: [${regionAddresses.ams}] } }
    check: { url: "http://{site}:${webPort}/", every: 5m, fall: 2, rise: 1, confirmSpan: 100ms, timeout: 10s }`,
    ).join('')

interface Overview {
  readonly sites: readonly { readonly condition: string }[]
}

/** Milliseconds from the navigation to the first paint, and to the list. */
const timesOf = `new Promise((resolve) => {
  let listMs
  const look = () => {
    const [paint] = performance.getEntriesByName('first-contentful-paint')
    if (document.querySelectorAll('main li.site-row').length > 20) listMs ??= performance.now()
    if (paint === undefined || listMs === undefined) return requestAnimationFrame(look)
    resolve([Math.round(paint.startTime), Math.round(listMs)])
  }
  look()
})`

/** How long the longest frame took while the page was scrolled to its end. Milliseconds. */
const scrollThrough = `new Promise((resolve) => {
  let [last, longest] = [performance.now(), 0]
  const step = (now) => {
    longest = Math.max(longest, now - last)
    last = now
    const before = scrollY
    scrollBy(0, 900)
    if (scrollY === before) resolve(Math.round(longest))
    else requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
})`

describe.skipIf(missing !== undefined)(`many sites in a browser${missing === undefined ? '' : ` [skipped: ${missing}]`}`, { timeout: 400_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  const benchOf = (count: number): Promise<DashboardBench> => startDashboardBench({ sites: sitesOf(count), api: '  open: true' })
  const sitesNow = async ({ url }: DashboardBench): Promise<Overview['sites']> => ((await (await fetch(`${url}api/v1/overview`)).json()) as Overview).sites

  test('200 are there at once, also for a slow machine', async () => {
    const bench = await benchOf(200)
    try {
      await untilEqual(async () => (await sitesNow(bench)).filter(({ condition }) => condition === 'healthy').length, 200)
      const { page, context } = await visitInTest(browser, 'about:blank', {}, bench.url)
      const session = await context.newCDPSession(page)
      await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
      const seen: (readonly [paintMs: number, listMs: number])[] = []
      for (let round = 0; round < 3; round += 1) {
        await page.goto('about:blank')
        await page.goto(bench.url)
        seen.push(await page.evaluate<readonly [number, number]>(timesOf))
      }
      process.stdout.write(`dashboard: 200 sites with the CPU throttled 4 times: first paint and list after ${seen.map(([paintMs, listMs]) => `${paintMs} and ${listMs} ms`).join('; ')}\n`)
      await page.getByRole('heading', { level: 1, name: 'All 200 sites' }).waitFor()
    } finally {
      await bench.close()
    }
  })

  test('1,000 can be scrolled through and found, and what changes is shown', async () => {
    const bench = await benchOf(1_000)
    try {
      // They come to their first verdicts while they are looked at.
      await untilEqual(async () => (await sitesNow(bench)).length, 1_000)
      const { page } = await visitInTest(browser, bench.url)
      await page.getByRole('heading', { level: 1, name: /1,?000 sites/ }).waitFor()
      const rows = page.getByRole('main').getByRole('listitem').filter({ has: page.getByRole('link') })
      await rows.nth(20).waitFor()
      process.stdout.write(`dashboard: the longest frame while 1,000 sites were scrolled through took ${await page.evaluate<number>(scrollThrough)} ms\n`)
      await page.getByRole('link', { name: nameOf(999), exact: true }).waitFor()
      await settled(page)
      expect(await layoutFaults(page)).toEqual([])

      const search = page.getByRole('searchbox')
      await search.fill('0123')
      await page.getByText('1 of 1,000 sites').or(page.getByText('1 of 1000 sites')).waitFor()
      expect(await rows.count()).toBe(1)
      const region = `${bench.url}api/v1/sites/${nameOf(123)}/regions/ams/drain`
      const headers = { authorization: `Bearer ${tokens.operator}`, 'content-type': 'application/json' }
      expect((await fetch(region, { method: 'POST', headers, body: JSON.stringify({ for: '1h', reason: 'to be seen' }) })).status).toBe(200)
      await rows.filter({ hasText: /drained/ }).waitFor()
      await search.fill('drained')
      await page.getByRole('link', { name: nameOf(123), exact: true }).waitFor()
      expect(await rows.count()).toBe(1)
    } finally {
      await bench.close()
    }
  })
})
