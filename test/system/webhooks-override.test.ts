import { describe, expect, it } from 'vitest'
import { dated, type Monitor, monitors, proofOf, proven } from './monitors.ts'
import { type ApiAnswer, operateToken } from './operated-bench.ts'
import { useWebhooksBench } from './webhooks-bench.ts'

const bossToken = 'boss-0123456789abcdef'
const shortToken = 'short-0123456789abcdef'
const [floor, brief] = ['floor.example.test', 'brief.example.test']

const oneOf = (name: string): Monitor => monitors.find((each) => each.name === name) ?? expect.fail(`no monitor ${name}`)

interface Refused {
  readonly title: string
  readonly source: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly status: number
  readonly code: string
  /** What the log says of it. */
  readonly said: string
}

/** Each the very message that would withdraw a region, but for one thing. */
const refusals = (): readonly Refused[] => {
  const now = Math.floor(Date.now() / 1000)
  // After all that has been heard before, or it would be no news.
  const about = Date.now() + 120_000
  const json = oneOf('json')
  const down = dated(json, json.down, about)
  const right = (body: string): Readonly<Record<string, string>> => proven(json, proofOf('json'), body)
  const ofJson = (title: string, body: string, status: number, code: string, said: string, headers = right(body)): Refused => ({ title, source: 'json', body, headers, status, code, said })
  const wrongSecrets = monitors.map((monitor): Refused => {
    const body = dated(monitor, monitor.down, about)
    const isBearer = monitor.proof === 'bearer'
    return { title: `${monitor.name} with a wrong secret`, source: monitor.name, body, headers: proven(monitor, 'wrong-0123456789abcdef', body), status: 401, code: isBearer ? 'bad-bearer' : 'bad-signature', said: isBearer ? 'is not one for this source' : 'does not fit' }
  })
  const unproven = monitors.map((monitor): Refused => ({ title: `${monitor.name} without any proof`, source: monitor.name, body: dated(monitor, monitor.down, about), headers: {}, status: 401, code: monitor.proof === 'bearer' ? 'bad-bearer' : 'bad-signature', said: 'is missing' }))
  const gatus = oneOf('gatus')
  const kuma = oneOf('uptime-kuma')
  const grafana = oneOf('grafana')
  const bearer = (name: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${proofOf(name)}` })
  const grafanaDown = dated(grafana, grafana.down, about)
  return [
    ...wrongSecrets,
    ...unproven,
    ofJson('a signature of five minutes ago', down, 403, 'stale', 'set the clocks right', proven(json, proofOf('json'), down, now - 310)),
    ofJson('a signature of five minutes ahead', down, 403, 'stale', 'in the future', proven(json, proofOf('json'), down, now + 310)),
    ofJson('a signature from before the start', down, 403, 'stale', 'before this program started', proven(json, proofOf('json'), down, now - 250)),
    ofJson('a signature of another body', down, 401, 'bad-signature', 'does not fit', right(`${down} `)),
    { title: 'Grafana’s signature, stale', source: 'grafana', body: grafanaDown, headers: proven(grafana, proofOf('grafana'), grafanaDown, now - 310), status: 403, code: 'stale', said: 'set the clocks right' },
    { title: 'the token of another source', source: 'gatus', body: gatus.down, headers: bearer('uptime-kuma'), status: 401, code: 'bad-bearer', said: 'is not one for this source' },
    { title: 'an API token for another source', source: 'gatus', body: gatus.down, headers: { authorization: `Bearer ${operateToken}` }, status: 403, code: 'scope-missing', said: 'is not one for this source' },
    ofJson('an unknown region', down.replace('"msk"', '"mks"'), 422, 'unknown-region', 'has no region "mks"'),
    ofJson('an unknown site', down.replace('json.example.test', 'jsno.example.test'), 422, 'unknown-site', 'there is no site "jsno.example.test"'),
    ofJson('one word on a region that is there and one that is not', `[${down},${down.replace('"msk"', '"mks"')}]`, 422, 'unknown-region', 'has no region "mks"'),
    ofJson('a body that is no JSON', '{"site":', 400, 'not-json', ''),
    ofJson('a body with a misspelt field', down.replace('"at"', '"att"'), 400, 'malformed', 'att'),
    ofJson('an event of tomorrow', dated(json, json.down, Date.now() + 86_400_000), 422, 'bad-time', 'in the future'),
    { title: 'an unknown monitor', source: 'gatus', body: gatus.down.replace('shop-msk', 'shop-mks'), headers: bearer('gatus'), status: 422, code: 'no-rule', said: 'None of the 2 rules' },
    { title: 'a monitor without the tag that names the region', source: 'uptime-kuma', body: kuma.down.replace('"name": "region"', '"name": "other"'), headers: bearer('uptime-kuma'), status: 422, code: 'missing-field', said: 'tags.region' },
    { title: 'the message of another program', source: 'gatus', body: kuma.down, headers: bearer('gatus'), status: 400, code: 'malformed', said: 'Gatus' },
  ]
}

describe('a monitor’s word that overrides', () => {
  const bench = useWebhooksBench({
    net: 43,
    mode: 'override',
    check: 'every: 300ms',
    sites: [floor, brief],
    sources: `  boss: { type: json, mode: override, token: ${bossToken} }\n  short: { type: json, mode: override, token: ${shortToken}, expires: 1m }\n`,
  })
  let briefAt = 0
  const post = (source: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<ApiAnswer> => bench().operated.api('POST', `/api/v1/webhooks/${source}`, body, headers)
  const settled = async (site: string): Promise<readonly string[]> => {
    expect((await bench().operated.api('POST', `/api/v1/sites/${site}/reconcile`, {})).status).toBe(200)
    return bench().published(site)
  }

  it('is believed for as long as the config says: it begins', async () => {
    const { untilPublished, ams, fra } = bench()
    briefAt = Date.now()
    expect((await post('short', { site: brief, region: 'msk', status: 'down' }, { authorization: `Bearer ${shortToken}` })).status).toBe(202)
    await untilPublished(brief, [ams, fra])
  })

  it.each(monitors)('of $name decides alone, of the region and site that it names, until the monitor says that it is well', async (monitor) => {
    const { deliver, everything, untilPublished, msk, ams, fra } = bench()
    const before = await everything()
    expect(before[monitor.site]).toEqual([msk, ams, fra])
    const about = Date.now() - 150_000
    const down = dated(monitor, monitor.down, about)
    expect(await deliver(monitor, down)).toMatchObject({ status: 202, body: { words: expect.arrayContaining([expect.objectContaining({ region: 'msk', opinion: 'down', effect: 'news' })]) } })
    await untilPublished(monitor.site, [ams, fra])
    expect(await everything()).toEqual({ ...before, [monitor.site]: [ams, fra] })
    expect(await deliver(monitor, dated(monitor, monitor.up, about))).toMatchObject({ status: 202, body: { words: expect.arrayContaining([expect.objectContaining({ region: 'msk', opinion: 'up', effect: 'news' })]) } })
    await untilPublished(monitor.site, [msk, ams, fra])
    if (monitor.tellsTime) {
      // Signed anew, by the space: what happened before what is known already is no news.
      expect(await deliver(monitor, `${down} `)).toMatchObject({ status: 202, body: { words: expect.arrayContaining([expect.objectContaining({ region: 'msk', effect: 'older', expiresAt: null })]) } })
      expect(await settled(monitor.site)).toEqual([msk, ams, fra])
    }
    expect(await everything()).toEqual(before)
  })

  it('never takes the last ones away', async () => {
    const { published, msk, ams, fra } = bench()
    const words = (regions: readonly string[], status: 'up' | 'down') => regions.map((region) => ({ site: floor, region, status }))
    const seen = new Set<string>()
    const over = new AbortController()
    const watching = (async () => {
      while (!over.signal.aborted) {
        seen.add((await published(floor)).join())
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    })()
    for (const region of ['msk', 'ams', 'fra']) {
      expect((await post('boss', words([region], 'down'), { authorization: `Bearer ${bossToken}` })).status).toBe(202)
      await settled(floor)
    }
    expect(await published(floor)).not.toEqual([])
    expect((await post('boss', words(['msk', 'ams', 'fra'], 'up'), { authorization: `Bearer ${bossToken}` })).status).toBe(202)
    await bench().untilPublished(floor, [msk, ams, fra])
    over.abort()
    await watching
    expect(seen).not.toContain('')
    expect(seen).toContain([ams, fra].join())
  })

  it('is not believed with a replayed signature, not even by the program’s next run', async () => {
    const { operated, untilPublished, service, msk, ams, fra } = bench()
    const json = oneOf('json')
    const grafana = oneOf('grafana')
    const about = Date.now()
    const spent = [json, grafana].map((monitor) => {
      const body = dated(monitor, monitor.down, about)
      return { monitor, body, headers: proven(monitor, proofOf(monitor.name), body) }
    })
    for (const { monitor, body, headers } of spent) {
      expect((await post(monitor.name, body, headers)).status).toBe(202)
      await untilPublished(monitor.site, [ams, fra])
      expect((await bench().deliver(monitor, dated(monitor, monitor.up, about - 60_000))).status).toBe(202)
      await untilPublished(monitor.site, [msk, ams, fra])
      expect(await post(monitor.name, body, headers)).toMatchObject({ status: 409, body: { code: 'replayed' } })
    }
    service.signal('SIGKILL')
    await service.ended
    await bench().restart()
    for (const { monitor, body, headers } of spent) expect(await post(monitor.name, body, headers)).toMatchObject({ status: 403, body: { code: 'stale' } })
    for (const { monitor } of spent) expect(await settled(monitor.site)).toEqual([msk, ams, fra])
    expect((await operated.region(brief, 'msk')).words).toMatchObject([{ source: 'short', opinion: 'down' }])
    expect(await bench().published(brief)).toEqual([ams, fra])
  })

  it('is refused with what is wrong, in the log too, and moves nothing', { timeout: 60_000 }, async () => {
    const { operated, everything, service, untilPublished, msk, ams, fra } = bench()
    for (const { site } of monitors) await untilPublished(site, [msk, ams, fra])
    const before = await everything()
    const written = service.lines().filter(({ event }) => event === 'written').length
    // A signature says the whole second; one of the second in which the program began anew may be from before.
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const all = refusals()
    for (const [at, { title, source, body, headers, status, code, said }] of all.entries()) {
      // Strangers cannot fill the log: the API warns of 20 requests in 10 s.
      if (at > 0 && at % 15 === 0) await new Promise((resolve) => setTimeout(resolve, 10_100))
      const from = service.lines().length
      const answer = await post(source, body, headers)
      expect({ title, status: answer.status, body: answer.body }).toEqual({ title, status, body: expect.objectContaining({ status, code }) })
      await service.until((lines) => lines.slice(from).some((line) => line.level === 'warn' && line['source'] === source && line.message.includes(said)))
    }
    const told = await operated.events('kind=webhook&limit=1000')
    expect(told.map(({ text }) => /refused \((?<code>[\w-]+)\)/.exec(text)?.groups?.['code']).toReversed()).toEqual(expect.arrayContaining(all.map(({ code }) => code).filter((code) => !['bad-bearer', 'bad-signature', 'scope-missing'].includes(code))))
    expect(told.filter(({ text }) => /bad-(?:bearer|signature)/.test(text))).toEqual([])
    for (const { site } of monitors) {
      expect((await operated.site(site)).regions.flatMap(({ words }) => words.filter(({ opinion }) => opinion === 'down'))).toEqual([])
      await settled(site)
    }
    expect(await everything()).toEqual(before)
    expect(service.lines().filter(({ event }) => event === 'written').length).toBe(written)
    expect(JSON.stringify(service.lines())).not.toContain('0123456789abcdef')
    const json = oneOf('json')
    expect((await bench().deliver(json, dated(json, json.down, Date.now() + 120_000))).status).toBe(202)
    await untilPublished(json.site, [ams, fra])
  })

  it('is believed for as long as the config says: it ends, over a kill and a start of the program', { timeout: 90_000 }, async () => {
    const { untilPublished, service, msk, ams, fra } = bench()
    if (Date.now() - briefAt < 55_000) expect(await settled(brief)).toEqual([ams, fra])
    await untilPublished(brief, [msk, ams, fra])
    const took = Date.now() - briefAt
    expect(took).toBeGreaterThan(59_000)
    expect(took).toBeLessThan(64_000)
    await service.untilSaid('is no longer believed')
  })
})
