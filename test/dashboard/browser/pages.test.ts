import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IncidentView } from '../../../src/engine/history-port.ts'
import { violations } from './accessibility.ts'
import { browserMissing, startChromium } from './chromium.ts'
import { type DashboardBench, longSiteName, regionAddresses, siteName, startDashboardBench, tokens, usualSites } from './dashboard-bench.ts'
import { layoutFaults, schemes, settled, widths } from './layout.ts'
import { patienceMs } from './patience.ts'
import { takeBytes } from './taken-bytes.ts'
import { untilEqual } from './until-equal.ts'
import { visitInTest, type Visitor } from './visitor.ts'

const missing = browserMissing()
const { msk, ams, fra } = regionAddresses
const longAddress = '2001:db8:1234:5678:9abc:def0:1234:5678'

/** Comes to where there is something to see. */
type Reach = (page: Page) => Promise<void>

const shown = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('heading', { level: 1, name }).waitFor()

const openDialog: Reach = async (page) => {
  await shown(page, siteName)
  await page.getByRole('button', { name: 'Drain msk' }).click()
  await page.getByRole('dialog').getByRole('heading', { name: 'Drain msk' }).waitFor()
}

/** Every page, by its path; INCIDENT stands for the number of one that has happened. */
const places: Readonly<Record<string, readonly [path: string, reach: Reach]>> = {
  overview: ['#/', (page) => page.getByRole('link', { name: siteName, exact: true }).waitFor()],
  site: [
    `#/sites/${siteName}`,
    async (page) => {
      await shown(page, siteName)
      await page.getByText('agrees').first().waitFor()
    },
  ],
  dialog: [`#/sites/${siteName}`, openDialog],
  preview: [
    `#/sites/${siteName}`,
    async (page) => {
      await openDialog(page)
      await page.getByRole('dialog').getByLabel('Reason').fill('to see what would happen')
      await page.getByRole('dialog').getByRole('checkbox').check()
      await page.getByRole('button', { name: 'Preview' }).click()
      await page.getByText('Nothing has been done yet').waitFor()
    },
  ],
  'site of long names': [`#/sites/${longSiteName}`, (page) => shown(page, longSiteName)],
  timeline: ['#/timeline', (page) => page.getByRole('link', { name: `${siteName}: fra` }).waitFor()],
  incident: ['#/incidents/INCIDENT', (page) => page.getByRole('heading', { name: 'Step by step' }).waitFor()],
  'sign in': ['#/login', (page) => shown(page, 'Sign in')],
  'no page': ['#/nowhere', (page) => page.getByRole('heading', { level: 1 }).waitFor()],
  'public status': [`status/${siteName}`, (page) => page.getByText('fra').first().waitFor()],
}

describe.skipIf(missing !== undefined)(`the pages in a browser${missing === undefined ? '' : ` [skipped: ${missing}]`}`, { timeout: 180_000 }, () => {
  let bench: DashboardBench
  let browser: Browser
  let incidentId = 0

  beforeAll(async () => {
    ;[bench, browser] = await Promise.all([startDashboardBench({ sites: usualSites }), startChromium()])
    const ask = async <T>(path: string, order?: unknown): Promise<T> => {
      const headers = { authorization: `Bearer ${tokens.operator}`, 'content-type': 'application/json' }
      return (await (await fetch(`${bench.url}api/v1/${path}`, order === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(order) })).json()) as T
    }
    // One region down, and one drained: there is something to show on every page.
    await bench.untilPublished([msk, ams, fra])
    bench.regions.set(fra, 'fail')
    await bench.untilPublished([msk, ams])
    await ask(`sites/${siteName}/regions/ams/drain`, { for: '1h', reason: 'a reason of some length, as people give it who have to say which of the disks is replaced' })
    await bench.untilPublished([msk])
    const incidentsNow = async (): Promise<readonly IncidentView[]> => (await ask<{ readonly incidents: readonly IncidentView[] }>(`incidents?site=${siteName}&kind=down`)).incidents
    await untilEqual(async () => (await incidentsNow()).length, 1)
    incidentId = (await incidentsNow())[0]?.id ?? 0
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await bench?.close()
  })

  /** Signed in, and with an IPv6 address of full length where the site has the only one that is asked here without leaving this machine. */
  const come = async (options: Parameters<typeof visitInTest>[2] = {}): Promise<Visitor> => {
    const visitor = await visitInTest(browser, 'about:blank', options, bench.url)
    await visitor.context.request.post(`${bench.url}api/v1/session`, { data: { token: tokens.operator } })
    await visitor.context.route(/\/api\/v1\/(?:overview$|sites\/)/, async (route) => {
      if (route.request().method() !== 'GET') return route.continue()
      try {
        const response = await route.fetch()
        await route.fulfill({ response, body: (await response.text()).replaceAll('"::1"', `"${longAddress}"`) })
      } catch {
        // The page has gone on meanwhile, and needs no answer.
      }
      return undefined
    })
    return visitor
  }
  const go = async (page: Page, name: string): Promise<void> => {
    const [path, reach] = places[name] ?? expect.fail(name)
    // Else a change of the hash alone would leave a dialog open.
    await page.goto('about:blank')
    await page.goto(`${bench.url}${path.replace('INCIDENT', String(incidentId))}`)
    await reach(page)
  }

  test('the looks find what is wrong where something is', async () => {
    const { page } = await come()
    await page.setContent(`<html lang="en"><title>x</title><body><p style="width: 40px; overflow: hidden; white-space: nowrap">cut off here</p>
      <p style="position: absolute; top: 90px">one text</p><p style="position: absolute; top: 95px">other words</p><p style="width: 3000px; background: #fff; color: #eee">pale and wide</p></body></html>`)
    expect(await layoutFaults(page)).toEqual(['the page is 3008 px wide and shows 1440', 'p "cut off here" is cut off by p "cut off here"', 'p "cut off here" runs out of p "cut off here"', 'p "one text" and p "other words" overlap'])
    expect((await violations(page)).map((each) => each.split(':')[0])).toContain('color-contrast')
  })

  test.each(Object.keys(places))('%s: has room for all of its text at each width, and keeps to the rules of accessibility, light and dark', async (name) => {
    const { page } = await come({ viewport: { width: widths[0], height: 800 } })
    await go(page, name)
    const found: string[] = []
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 })
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme })
        await settled(page)
        // The rules take their time: once in each scheme, and once for the narrow and once for the wide.
        const isJudged = (width === 360 && colorScheme === 'light') || (width === 1440 && colorScheme === 'dark')
        const look = async (): Promise<readonly string[]> => [...(await layoutFaults(page)), ...(isJudged ? await violations(page) : [])]
        // A browser that hardly gets a core shows one scheme's text on the other's ground for a moment: what is a fault stays one.
        const faults = (await look()).length === 0 ? [] : await settled(page).then(() => page.waitForTimeout(1000)).then(look)
        found.push(...faults.map((fault) => `${width} px, ${colorScheme}: ${fault}`))
      }
    }
    expect(found).toEqual([])
  })

  test('the look that is chosen is kept, and is that of the whole page', async () => {
    const { page } = await come({ colorScheme: 'light' })
    await page.goto(bench.url)
    const background = (): Promise<string> => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    const light = await background()
    for (const next of ['light', 'dark']) await page.getByRole('button', { name: `Change to ${next}` }).click()
    await expect.poll(background, { timeout: patienceMs }).not.toBe(light)
    const dark = await background()
    await page.reload()
    await page.getByRole('link', { name: siteName, exact: true }).waitFor()
    expect(await background()).toBe(dark)
  })

  test('are sent with a policy that lets nothing in, and in less than 150 KB all together', async () => {
    const { page } = await come()
    const bytes = await takeBytes(page)
    const answer = await page.goto(bench.url)
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    for (const name of Object.keys(places)) await go(page, name)
    const files = bytes.byPath()
    const total = [...files].filter(([path]) => !path.startsWith('/api/')).reduce((sum, [, size]) => sum + size, 0)
    process.stdout.write(`dashboard: all of its pages are ${(total / 1000).toFixed(1)} KB over the wire, in ${files.size} requests of different things\n`)
    expect(total).toBeGreaterThan(10_000)
    expect(total).toBeLessThan(150_000)
    expect(await page.evaluate("document.querySelectorAll('script:not([src]), style, [onclick], [onload]').length")).toBe(0)
  })
})
