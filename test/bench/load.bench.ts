import { expect, it } from 'vitest'
import { runLoad } from './load-run.ts'
import { loadText } from './load-text.ts'

it('a minute of 1,000 requests a second', async () => {
  const report = await runLoad({ sites: 20, perSecond: 1000, idleMs: 10_000, warmUpMs: 30_000, longestWarmUpMs: 90_000, loadMs: 60_000 })
  process.stdout.write(loadText(report))
  expect(report.loaded.lateness.p99).toBeLessThan(100)
  expect(report.rss.growth).toBeLessThan(0.1)
})
