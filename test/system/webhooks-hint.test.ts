import { describe, expect, it } from 'vitest'
import { dated, monitors } from './monitors.ts'
import { useWebhooksBench } from './webhooks-bench.ts'

/** So long that no check comes by itself while these tests last. */
const every = '24h'

describe('a monitor’s word as a hint', () => {
  const bench = useWebhooksBench({ net: 41, mode: 'hint', check: `every: ${every}` })

  it.each(monitors)('of $name brings the discovery of a dead region, and of its return, forward, of the site that it names alone', async (monitor) => {
    const { operated, deliver, everything, untilPublished, msk, ams, fra } = bench()
    const before = await everything()
    expect(before[monitor.site]).toEqual([msk, ams, fra])
    const begin = Date.now()
    operated.regions.set(msk, 'fail')
    const said = await deliver(monitor, dated(monitor, monitor.down, begin - 150_000))
    expect(said).toMatchObject({ status: 202, body: { words: expect.arrayContaining([expect.objectContaining({ site: monitor.site, region: 'msk', opinion: 'down', effect: 'checking', expiresAt: null })]) } })
    await untilPublished(monitor.site, [ams, fra])
    expect(Date.now() - begin).toBeLessThan(30_000)
    expect(await everything()).toEqual({ ...before, [monitor.site]: [ams, fra] })
    operated.regions.set(msk, 'serve')
    expect((await deliver(monitor, dated(monitor, monitor.up, begin - 150_000))).status).toBe(202)
    await untilPublished(monitor.site, [msk, ams, fra])
    expect(await everything()).toEqual(before)
  })

  it('moves nothing while our own check passes', async () => {
    const { operated, deliver, everything, msk } = bench()
    const before = await everything()
    const requests = operated.regions.requests(msk)
    for (const monitor of monitors) expect((await deliver(monitor, dated(monitor, monitor.down, Date.now() - 120_000))).status).toBe(202)
    while (operated.regions.requests(msk) < requests + monitors.length) await new Promise((resolve) => setTimeout(resolve, 20))
    for (const { site } of monitors) expect((await operated.api('POST', `/api/v1/sites/${site}/reconcile`, {})).status).toBe(200)
    expect(await everything()).toEqual(before)
  })
})
