import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { browserMissing, startChromium } from './chromium.ts'
import { type DashboardBench, longSiteName, regionAddresses, siteName, startDashboardBench, tokens, usualSites } from './dashboard-bench.ts'
import { startPrefixProxy } from './prefix-proxy.ts'
import { signIn, visitInTest, type Visitor } from './visitor.ts'

const missing = browserMissing()
const all = Object.values(regionAddresses)
const cookieName = 'dns-failover-session'

describe.skipIf(missing !== undefined)(`who may see and do what in a browser${missing === undefined ? '' : ` [skipped: ${missing}]`}`, { timeout: 180_000 }, () => {
  let bench: DashboardBench
  let browser: Browser
  beforeAll(async () => {
    ;[bench, browser] = await Promise.all([startDashboardBench({ sites: usualSites, api: '  trustedProxies: [127.0.0.1]' }), startChromium()])
    await bench.untilPublished(all)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await bench?.close()
  })

  const come = (path = '', base = bench.url): Promise<Visitor> => visitInTest(browser, `${base}${path}`)

  test('nobody sees anything without a token; a wrong one is refused in words; a right one opens what was asked for', async () => {
    const { page, context } = await come(`#/sites/${siteName}`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.getByText(regionAddresses.ams).count()).toBe(0)
    await signIn(page, 'no-token-of-anybody')
    await page.getByRole('alert').getByText('no token of the config is like this one').waitFor()
    await signIn(page, tokens.reader)
    await page.getByRole('heading', { level: 1, name: siteName }).waitFor()
    const [cookie] = await context.cookies(`${bench.url}api/v1/session`)
    expect(cookie).toMatchObject({ name: cookieName, path: '/api/v1', httpOnly: true, sameSite: 'Strict', secure: false })
    expect(cookie?.value).not.toContain(tokens.reader)
  })

  test('whoever signs out is out, also after a reload', async () => {
    const { page, context } = await come()
    await signIn(page, tokens.operator)
    await page.getByRole('link', { name: siteName }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await context.cookies(`${bench.url}api/v1/session`)).toEqual([])
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('a session outlasts a restart of the service; the page says meanwhile that it is not live, and then catches up', async () => {
    const { page } = await come()
    await signIn(page, tokens.operator)
    const row = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: siteName, exact: true }) })
    await row.getByText('fra').first().waitFor()
    await page.getByText('live', { exact: true }).waitFor()
    await bench.stop()
    await page.getByText('not live', { exact: true }).waitFor()
    bench.regions.set(regionAddresses.fra, 'fail')
    onTestFinished(() => bench.regions.set(regionAddresses.fra, 'serve'))
    await bench.start()
    await page.getByText('live', { exact: true }).waitFor()
    await bench.untilPublished(all.slice(0, 2))
    await row.getByRole('listitem').filter({ hasText: /fra\s*down/ }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
  })

  test('it works behind a path prefix that a proxy takes off, its cookie is for that path, and nothing is asked for beside it', async () => {
    const proxy = await startPrefixProxy(bench.port, '/dns/')
    onTestFinished(() => proxy.close())
    const { page, context } = await come('', proxy.url)
    await signIn(page, tokens.operator)
    await page.getByRole('link', { name: siteName, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: siteName }).waitFor()
    await page.getByText('live', { exact: true }).waitFor()
    expect((await context.cookies(`${proxy.url}api/v1/session`)).map(({ path }) => path)).toEqual(['/dns/api/v1'])
    await page.reload()
    await page.getByRole('heading', { level: 1, name: siteName }).waitFor()
    await page.goto(`${proxy.url}status/${siteName}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(proxy.strays).toEqual([])
  })

  test('the public page of a site shows how it does to anybody, without an address, and there is none unless it was asked for', async () => {
    const { page } = await come(`status/${siteName}`)
    await page.getByText('The shop').waitFor()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByRole('list').getByText('msk').waitFor()
    const text = await page.evaluate<string>('document.documentElement.outerHTML')
    expect(text).not.toMatch(/127\.0\.7|shopmsk|embedded/)
    for (const other of [longSiteName, 'nobody.dash.example']) expect((await page.goto(`${bench.url}status/${other}`))?.status(), other).toBe(404)
  })
})

describe.skipIf(missing !== undefined)(`where the config has no token${missing === undefined ? '' : ` [skipped: ${missing}]`}`, { timeout: 180_000 }, () => {
  let bench: DashboardBench
  let browser: Browser
  beforeAll(async () => {
    ;[bench, browser] = await Promise.all([startDashboardBench({ sites: usualSites, hasTokens: false }), startChromium()])
    await bench.untilPublished(all)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await bench?.close()
  })

  test('the pages show what they show, offer nothing to do, and an order that is sent all the same is refused', async () => {
    const { page } = await visitInTest(browser, bench.url)
    await page.getByText('live', { exact: true }).waitFor()
    await page.getByRole('link', { name: siteName, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: siteName }).waitFor()
    const actions = page.getByRole('button', { name: / \(sign in to act\)$/ })
    await page.getByRole('button', { name: 'Drain msk (sign in to act)' }).waitFor()
    const names = await actions.evaluateAll((buttons) => buttons.map((each) => `${each.getAttribute('aria-label')}: ${each.hasAttribute('disabled')}`))
    const off = (name: string): string => `${name} (sign in to act): true`
    expect(names).toEqual([`Reconcile now: ${siteName}`, `Pause ${siteName}`, ...['msk', 'ams', 'fra'].flatMap((region) => [`Drain ${region}`, `Force ${region}`, ...(region === 'msk' ? ['Repoint msk'] : [])])].map(off))
    expect(await page.getByRole('dialog').count()).toBe(0)
    // As a script of the page's own would send it, which is as near as a stranger can come.
    const order = async (path: string): Promise<unknown> =>
      page.evaluate(
        async ([url, body]) => {
          const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
          return [answer.status, ((await answer.json()) as { readonly code: string }).code]
        },
        [path, JSON.stringify({ for: '1h', reason: 'a stranger', to: 'down' })] as const,
      )
    const site = `${bench.url}api/v1/sites/${siteName}`
    for (const path of [`${site}/regions/msk/drain`, `${site}/regions/msk/force`, `${site}/pause`, `${site}/reconcile`]) expect([path, await order(path)]).toEqual([path, [401, 'token-needed']])
    const view = await page.evaluate(async (url) => (await fetch(url)).json(), site)
    expect(view).toMatchObject({ pause: null, regions: [{ region: 'msk', drain: null, force: null }, { region: 'ams' }, { region: 'fra' }] })
    await bench.untilPublished(all)
  })
})
