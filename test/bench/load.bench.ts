import { expect, it } from 'vitest'
import { isShort } from './bench-size.ts'
import { runLoad } from './load-run.ts'
import { loadText } from './load-text.ts'

it('a minute of 1,000 requests a second', async () => {
  const plan = { sites: 20, perSecond: 1000, idleMs: 10_000, warmUpMs: 30_000, longestWarmUpMs: 90_000, loadMs: 60_000 }
  const report = await runLoad(isShort ? { sites: 4, perSecond: 100, idleMs: 2000, warmUpMs: 4000, longestWarmUpMs: 4000, loadMs: 10_000 } : plan)
  process.stdout.write(loadText(report))
  if (isShort) return
  expect(report.loaded.lateness.p99).toBeLessThan(100)
  expect(report.rss.growth).toBeLessThan(0.1)
})
