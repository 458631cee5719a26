import { expect, onTestFinished } from 'vitest'
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from 'playwright-core'
import { patienceMs } from './patience.ts'

/** What went wrong while a page was looked at, one line each; none if the list is empty. */
export interface Complaints {
  /** What the browser itself said: of the policy, of scripts, of what could not be loaded. */
  readonly console: string[]
  /** Whatever was asked of another host than the page's. */
  readonly elsewhere: string[]
}

/** Somebody with a browser of their own: no cookie and no cache is left from another. */
export interface Visitor {
  readonly context: BrowserContext
  readonly page: Page
  readonly complaints: Complaints
  close(): Promise<void>
}

/** An answer that refuses, or is not there, is the page's to show: the browser's own line about it is no fault. */
const isRefusal = (text: string): boolean => text.startsWith('Failed to load resource: ')

/** `home`: whose host is the only one to be asked, if that is not the first URL's. */
export const visit = async (browser: Browser, url: string, options: BrowserContextOptions = {}, home: string = url): Promise<Visitor> => {
  const complaints: Complaints = { console: [], elsewhere: [] }
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(patienceMs)
  context.on('request', (request: Request) => {
    if (new URL(request.url()).host !== new URL(home).host) complaints.elsewhere.push(request.url())
  })
  const page = await context.newPage()
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !isRefusal(message.text())) complaints.console.push(message.text())
  })
  page.on('pageerror', (error) => void complaints.console.push(String(error.stack ?? error)))
  await page.goto(url)
  return { context, page, complaints, close: () => context.close() }
}

/** For as long as a test lasts, which then sees to it that there was nothing to complain of. */
export const visitInTest = async (browser: Browser, url: string, options: BrowserContextOptions = {}, home: string = url): Promise<Visitor> => {
  const visitor = await visit(browser, url, options, home)
  onTestFinished(async () => {
    await visitor.close()
    expect(visitor.complaints).toEqual({ console: [], elsewhere: [] })
  })
  return visitor
}

/** Through the page's own form. */
export const signIn = async (page: Page, token: string): Promise<void> => {
  await page.getByLabel('Token').fill(token)
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
}
