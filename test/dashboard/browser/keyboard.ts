import type { Page } from 'playwright-core'

/** The control that has the focus, as a screen reader names it; empty if it is none. */
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>("((each) => (each.matches('a, button, input, select, textarea') ? (each.ariaLabel ?? each.labels?.[0]?.textContent ?? each.textContent ?? '').trim() : ''))(document.activeElement)")

const mostTabs = 120

/** Presses Tab until this has the focus. @throws Error with all that had it */
export const tabTo = async (page: Page, name: string): Promise<void> => {
  const seen: string[] = []
  while (seen.length < mostTabs) {
    const now = await focused(page)
    if (now === name) return
    seen.push(now)
    await page.keyboard.press('Tab')
  }
  throw new Error(`no Tab leads to "${name}", but to ${JSON.stringify([...new Set(seen)])}`)
}
