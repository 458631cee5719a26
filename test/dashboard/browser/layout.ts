import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'

const source = readFile(new URL('in-page/layout-faults.js', import.meta.url), 'utf8')

export const widths = [360, 768, 1440] as const
export const schemes = ['light', 'dark'] as const

/** What of the page's text is cut off, runs out of its box or into other text, one line each. */
export const layoutFaults = async (page: Page): Promise<readonly string[]> => page.evaluate<readonly string[]>(await source)

/** Two frames later everything has its place. */
export const settled = (page: Page): Promise<unknown> => page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
