import { describe, expect, it } from 'vitest'
import { dated, type Monitor, monitors } from './monitors.ts'
import { eventually } from './operated-bench.ts'
import { useWebhooksBench } from './webhooks-bench.ts'

/** A second voice, which may speak of every site. */
const second: Pick<Monitor, 'name' | 'proof'> = { name: 'second', proof: 'bearer' }
const plain = 'plain.example.test'
const secondToken = 'second-0123456789abcdef'

describe('a monitor’s word as a vote', () => {
  const bench = useWebhooksBench({ net: 42, mode: 'vote', check: 'every: 300ms', sites: [plain], sources: `  second: { type: json, mode: vote, token: ${secondToken} }\n` })

  const secondSays = async (site: string, status: 'up' | 'down'): Promise<void> => {
    const { operated } = bench()
    const answer = await operated.api('POST', `/api/v1/webhooks/${second.name}`, { site, region: 'msk', status }, { authorization: `Bearer ${secondToken}` })
    expect(answer).toMatchObject({ status: 202, body: { words: [{ site, region: 'msk', opinion: status, effect: 'news' }] } })
  }
  /** As if it had happened so many minutes ago. */
  const says = async (monitor: Monitor, opinion: 'up' | 'down', minutesAgo: number): Promise<void> => {
    const { status } = await bench().deliver(monitor, dated(monitor, monitor[opinion], Date.now() - minutesAgo * 60_000))
    expect(status).toBe(202)
  }
  /** Another round of everything: what was to be moved by now has been. */
  const settled = async (site: string): Promise<readonly string[]> => {
    const { operated, published } = bench()
    expect((await operated.api('POST', `/api/v1/sites/${site}/reconcile`, {})).status).toBe(200)
    return published(site)
  }

  it.each(monitors)('of $name that it is up ties with our own that it is down, and the other way round: what is published stays', async (monitor) => {
    const { operated, untilPublished, msk, ams, fra } = bench()
    const [all, others] = [[msk, ams, fra], [ams, fra]]
    await says(monitor, 'up', 30)
    operated.regions.set(msk, 'fail')
    // A site of which nobody says anything goes by its own checks.
    await untilPublished(plain, others)
    await eventually(async () => (await operated.region(monitor.site, 'msk')).addresses.every(({ state }) => state === 'down'))
    expect(await settled(monitor.site)).toEqual(all)
    await says(monitor, 'down', 20)
    await untilPublished(monitor.site, others)
    operated.regions.set(msk, 'serve')
    await untilPublished(plain, all)
    await eventually(async () => (await operated.region(monitor.site, 'msk')).addresses.every(({ state }) => state === 'up'))
    expect(await settled(monitor.site)).toEqual(others)
    await says(monitor, 'up', 10)
    await Promise.all(monitors.map(({ site }) => untilPublished(site, all)))
  })

  it.each(monitors)('of $name that it is down moves nothing alone, and withdraws the region with a second one, of the site that it names alone', async (monitor) => {
    const { operated, everything, untilPublished, msk, ams, fra } = bench()
    const all = [msk, ams, fra]
    // A word that it is up may hold a region that our own checks have not yet seen come back.
    await eventually(async () => (await operated.region(monitor.site, 'msk')).addresses.every(({ state }) => state === 'up'))
    const before = await everything()
    expect(before[monitor.site]).toEqual(all)
    await says(monitor, 'down', 5)
    expect(await settled(monitor.site)).toEqual(all)
    await secondSays(monitor.site, 'down')
    await untilPublished(monitor.site, [ams, fra])
    expect(await everything()).toEqual({ ...before, [monitor.site]: [ams, fra] })
    await says(monitor, 'up', 3)
    await untilPublished(monitor.site, all)
    await secondSays(monitor.site, 'up')
    expect(await settled(monitor.site)).toEqual(all)
    expect(await everything()).toEqual(before)
  })
})
