import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds wrong with the page as it is, one line each. Its source is put in by the debugger: the page's policy lets no script in. */
export const violations = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(await source)
  return page.evaluate<readonly string[]>(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary.replaceAll(/\\s+/g, ' ')}`)))",
  )
}
