import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { IncidentView, StoredEvent } from '../../../src/engine/history-port.ts'
import { address } from '../../fakes/dns-names.ts'
import { runTool, toolMissing } from '../../fakes/dns-tools.ts'
import { browserMissing, startChromium } from './chromium.ts'
import { type DashboardBench, regionAddresses, siteName, startDashboardBench, tokens, usualSites } from './dashboard-bench.ts'
import { tabTo } from './keyboard.ts'
import { untilEqual } from './until-equal.ts'
import { signIn, visitInTest, type Visitor } from './visitor.ts'

const missing = browserMissing() ?? toolMissing('dig')
const { msk, ams, fra } = regionAddresses
const sitePath = `#/sites/${siteName}`

describe.skipIf(missing !== undefined)(`an operator in a browser${missing === undefined ? '' : ` [skipped: ${missing}]`}`, { timeout: 180_000 }, () => {
  let bench: DashboardBench
  let browser: Browser
  beforeAll(async () => {
    ;[bench, browser] = await Promise.all([startDashboardBench({ sites: usualSites }), startChromium()])
  }, 120_000)
  beforeEach(() => bench.untilPublished([msk, ams, fra]))
  afterAll(async () => {
    await browser?.close()
    await bench?.close()
  })

  const come = async (token: string, path = ''): Promise<Visitor> => {
    const visitor = await visitInTest(browser, `${bench.url}${path}`)
    await signIn(visitor.page, token)
    return visitor
  }
  const ask = async <T>(path: string): Promise<T> => (await (await fetch(`${bench.url}api/v1/${path}`, { headers: { authorization: `Bearer ${tokens.reader}` } })).json()) as T
  const digged = async (): Promise<readonly string[]> =>
    [...(await runTool('dig', { address: address('127.0.0.1'), port: bench.dnsPort }, siteName, 'A')).matchAll(/^\S+\s+\d+\s+IN\s+A\s+(?<value>\S+)$/gm)].map(({ groups }) => groups?.['value'] ?? '').toSorted()
  const regionOf = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })

  test('sees a region fail and return without a reload, in the list and on the site', async () => {
    const [list, site] = [await come(tokens.reader), await come(tokens.reader, sitePath)]
    const row = list.page.getByRole('listitem').filter({ has: list.page.getByRole('link', { name: siteName, exact: true }) })
    await regionOf(site.page, 'ams').getByText('up', { exact: true }).first().waitFor()
    await row.getByRole('listitem').filter({ hasText: /ams\s*up/ }).waitFor()

    bench.regions.set(ams, 'fail')
    await regionOf(site.page, 'ams').getByText('down', { exact: true }).first().waitFor()
    const shownAt = Date.now()
    await row.getByRole('listitem').filter({ hasText: /ams\s*down/ }).waitFor()
    await regionOf(site.page, 'ams').getByText('withheld', { exact: true }).waitFor()
    await untilEqual(digged, [msk, fra])
    const { events } = await ask<{ readonly events: readonly StoredEvent[] }>(`events?site=${siteName}&region=ams&kind=health&limit=1`)
    process.stdout.write(`dashboard: a region was shown as down ${shownAt - Date.parse(events[0]?.at ?? '')} ms after the verdict\n`)

    bench.regions.set(ams, 'serve')
    await regionOf(site.page, 'ams').getByText('published', { exact: true }).waitFor()
    await row.getByRole('listitem').filter({ hasText: /ams\s*up/ }).waitFor()
    await untilEqual(digged, [msk, ams, fra])
  })

  test('drains a region: nothing moves before it is confirmed, then the DNS does, and the page says when it is safe; undrains it', async () => {
    const { page } = await come(tokens.operator, sitePath)
    await page.getByRole('button', { name: 'Drain ams' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('For how long').fill('30m')
    await dialog.getByLabel('Reason').fill('a new kernel')
    await dialog.getByRole('button', { name: 'Preview' }).click()
    await dialog.getByText('Nothing has been done yet').waitFor()
    await dialog.getByText(ams).first().waitFor()
    expect(await digged()).toEqual([msk, ams, fra])
    await dialog.getByRole('button', { name: 'Drain ams' }).click()
    await untilEqual(digged, [msk, fra])
    await dialog.getByText('Safe: ').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await regionOf(page, 'ams').getByText('a new kernel').first().waitFor()

    await page.getByRole('button', { name: 'Undrain ams' }).click()
    await dialog.getByText('Nothing has been done yet').waitFor()
    expect(await digged()).toEqual([msk, fra])
    await dialog.getByRole('button', { name: 'Undrain ams' }).click()
    await untilEqual(digged, [msk, ams, fra])
  })

  test('drains and undrains a region by the keyboard alone', async () => {
    const { page } = await visitInTest(browser, `${bench.url}${sitePath}`)
    await tabTo(page, 'Token')
    await page.keyboard.type(tokens.operator)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Drain fra' }).waitFor()
    await tabTo(page, 'Drain fra')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Reason')
    await page.keyboard.type('by keyboard')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('Nothing has been done yet').waitFor()
    await tabTo(page, 'Drain fra')
    await page.keyboard.press('Enter')
    await untilEqual(digged, [msk, ams])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await tabTo(page, 'Undrain fra')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('Nothing has been done yet').waitFor()
    await tabTo(page, 'Undrain fra')
    await page.keyboard.press('Enter')
    await untilEqual(digged, [msk, ams, fra])
  })

  test('opens the story of an incident from the timeline, and by its URL in another browser', async () => {
    bench.regions.set(fra, 'fail')
    await untilEqual(digged, [msk, ams])
    bench.regions.set(fra, 'serve')
    await untilEqual(digged, [msk, ams, fra])
    const incidents = async (): Promise<readonly IncidentView[]> => (await ask<{ readonly incidents: readonly IncidentView[] }>(`incidents?site=${siteName}&region=fra&kind=down`)).incidents
    await untilEqual(async () => (await incidents()).map(({ endedAt }) => endedAt !== null), [true])
    const [incident] = await incidents()

    const { page } = await come(tokens.reader, '#/timeline')
    await page.getByRole('link', { name: `${siteName}: fra` }).first().click()
    await page.getByRole('heading', { name: 'Step by step' }).waitFor()
    expect(new URL(page.url()).hash).toBe(`#/incidents/${incident?.id}`)

    const other = await come(tokens.reader, `#/incidents/${incident?.id}`)
    await other.page.getByRole('heading', { level: 1, name: 'fra' }).waitFor()
    const steps = other.page.getByRole('main').getByRole('listitem')
    for (const words of [/up → down/, /status 500/, /name servers/]) await steps.filter({ hasText: words }).first().waitFor()
  })

  test('may only look with a token that may only read: the page offers nothing, and the API refuses', async () => {
    const { page } = await come(tokens.reader, sitePath)
    const buttons = page.getByRole('button', { name: /^(?:Drain|Force|Repoint|Pause|Reconcile)/ })
    await buttons.first().waitFor()
    const enabled = await Promise.all((await buttons.all()).map((button) => button.isEnabled()))
    expect([...new Set(enabled)]).toEqual([false])
    const order = `fetch('api/v1/sites/${siteName}/regions/ams/drain', { method: 'POST', headers: { 'content-type': 'application/json', 'x-requested-with': 'dns-failover' }, body: JSON.stringify({ for: '1h', reason: 'no right to' }) }).then(async (answer) => [answer.status, (await answer.json()).code])`
    expect(await page.evaluate(order)).toEqual([403, 'scope-missing'])
    expect(await digged()).toEqual([msk, ams, fra])
  })

  test("is no help to another site's page: an order by the cookie alone is refused", async () => {
    const { page, context } = await come(tokens.operator)
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    const refused = await context.request.post(`${bench.url}api/v1/sites/${siteName}/regions/ams/drain`, { data: { for: '1h', reason: 'a trick' } })
    expect([refused.status(), ((await refused.json()) as { readonly code: string }).code]).toEqual([403, 'cross-site'])
    expect(await digged()).toEqual([msk, ams, fra])
  })
})
