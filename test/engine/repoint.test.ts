import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { type Change, keyText } from '../../src/core/rrset.ts'
import type { Site } from '../../src/core/site.ts'
import type { SiteState } from '../../src/core/site-state.ts'
import type { RepointResult } from '../../src/engine/repoint-result.ts'
import { repoint, type RepointOptions, type RepointPorts } from '../../src/engine/repoint.ts'
import { ProviderError } from '../../src/providers/provider-error.ts'
import type { ZoneRRset } from '../../src/providers/embedded/zone.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { resolved } from '../core/known-sites.ts'
import { check, named, region, site, v4, v6 } from '../core/samples.ts'
import { a, aaaa, portsFor, recordsOf, startZone } from './service-bench.ts'

const quick = site({ check: { ...check, confirmSpanMs: 0, url: 'http://{service}/healthz' } })
const state = resolved({ msk: [v4(1)], ams: [v4(2)] })
const usual: RepointOptions = { keepsOtherFamily: false, isUnchecked: false, isDryRun: false, verifyMs: 2000 }

const run = (ports: RepointPorts, addresses: readonly Address[], options: Partial<RepointOptions> = {}, where: Site = quick, signal = new AbortController().signal, now: () => SiteState = () => state) =>
  repoint(where, now, 'msk', addresses, { ...usual, ...options }, ports, signal)

const outline = (result: RepointResult): string => {
  const written = result.writes.map(({ change: { key, after } }) => `${key.type}=${after.values.join(' ')}`).join(', ')
  switch (result.kind) {
    case 'done':
      return `done ${result.from.join(' ')} -> ${result.to.join(' ')}; ${written}; ${result.verifications.map(({ outcome }) => outcome).join(' ')}`
    case 'planned':
    case 'unchanged':
      return `${result.kind} ${result.from.join(' ')} -> ${result.to.join(' ')}; ${written}`
    case 'refused':
      return `${result.code}${result.mayHaveWritten ? ' (may have written)' : ''}: ${result.text}; ${written}`
    case 'called-off':
      return `called off: ${result.text}; ${written}`
  }
}

const rrset = (type: ZoneRRset['type'], ...data: readonly string[]): ZoneRRset => ({ name: named('msk.example.com'), type, ttl: 30, data })
const bystanders = [a('failover.example.com', '192.0.2.1', '192.0.2.2'), a('ams.example.com', '192.0.2.2'), rrset('TXT', '"mine"')]
const others = ['ams.example.com 30 A 192.0.2.2', 'failover.example.com 30 A 192.0.2.1 192.0.2.2', 'msk.example.com 30 TXT "mine"']

describe('repoint', () => {
  it('replaces both families, after the site’s own check has passed in a row, and changes nothing else in the zone', async () => {
    const zone = await startZone(a('msk.example.com', '192.0.2.1'), aaaa('msk.example.com', '2001:db8::1'), ...bystanders)
    const asked: string[] = []
    expect(outline(await run(portsFor([zone], new Map(), { asked }), [v4(9), v6(9)]))).toBe('done 192.0.2.1 2001:db8::1 -> 192.0.2.9 2001:db8::9; A=192.0.2.9, AAAA=2001:db8::9; agreed agreed')
    expect(recordsOf(zone).toSorted()).toEqual([...others, 'msk.example.com 30 A 192.0.2.9', 'msk.example.com 30 AAAA 2001:db8::9'].toSorted())
    expect(asked.toSorted()).toEqual([...Array<string>(2).fill('http://msk.example.com/healthz at 192.0.2.9'), ...Array<string>(2).fill('http://msk.example.com/healthz at 2001:db8::9')])
  })

  it('removes a dead AAAA, unless the other family is to be kept', async () => {
    const zone = await startZone(a('msk.example.com', '192.0.2.1'), aaaa('msk.example.com', '2001:db8::1'), ...bystanders)
    expect(outline(await run(portsFor([zone]), [v4(8)], { keepsOtherFamily: true }))).toBe('done 192.0.2.1 2001:db8::1 -> 192.0.2.8 2001:db8::1; A=192.0.2.8; agreed')
    expect(outline(await run(portsFor([zone]), [v4(9)]))).toBe('done 192.0.2.8 2001:db8::1 -> 192.0.2.9; A=192.0.2.9, AAAA=; agreed agreed')
    expect(recordsOf(zone).toSorted()).toEqual([...others, 'msk.example.com 30 A 192.0.2.9'].toSorted())
  })

  it('does nothing twice, and asks no check for it', async () => {
    const zone = await startZone(a('msk.example.com', '192.0.2.9'))
    const serial = zone.serial()
    expect(outline(await run(portsFor([zone], new Map([[v4(9), 'failed']])), [v4(9)]))).toBe('unchanged 192.0.2.9 -> 192.0.2.9; ')
    expect(zone.serial()).toBe(serial)
  })

  it('fills a name that has no records', async () => {
    const zone = await startZone()
    expect(outline(await run(portsFor([zone]), [v4(9)]))).toBe('done  -> 192.0.2.9; A=192.0.2.9; agreed')
    expect(recordsOf(zone)).toEqual(['msk.example.com 60 A 192.0.2.9'])
  })

  it('in a dry run checks and plans, and writes nothing', async () => {
    const zone = await startZone(a('msk.example.com', '192.0.2.1'))
    const result = await run(portsFor([zone]), [v4(9)], { isDryRun: true })
    expect(outline(result)).toBe('planned 192.0.2.1 -> 192.0.2.9; ')
    expect(result.checks.map(({ text }) => text)).toEqual(['passed the check 2 times in a row'])
    expect(recordsOf(zone)).toEqual(['msk.example.com 30 A 192.0.2.1'])
  })

  it.each([
    ['failed', 'check-failed: 2001:db8::9 may not take region msk over: failed 3 of 3 checks: status (status 503); '],
    ['cannot-tell', 'check-failed: 2001:db8::9 may not take region msk over: this machine cannot tell: no-route (ENETUNREACH); '],
  ] as const)('is refused where an address does not pass (%s), and not where it is not asked', async (answer, expected) => {
    const zone = await startZone(a('msk.example.com', '192.0.2.1'))
    const ports = portsFor([zone], new Map([[v6(9), answer]]))
    expect(outline(await run(ports, [v4(9), v6(9)]))).toBe(expected)
    expect(recordsOf(zone)).toEqual(['msk.example.com 30 A 192.0.2.1'])
    expect(outline(await run(ports, [v4(9), v6(9)], { isUnchecked: true }))).toMatch(/^done/)
  })

  it('is refused where the name is an alias, delegated, in no zone of ours, or in one that nobody can tell of', async () => {
    const alias = rrset('CNAME', 'elsewhere.example.net.')
    const cut = rrset('NS', 'ns.example.net.')
    const aliased = await run(portsFor([await startZone(alias)]), [v4(9)])
    expect(outline(aliased)).toContain('not-repointable: msk.example.com is an alias (CNAME elsewhere.example.net')
    expect(aliased).toMatchObject({ advice: 'replace the CNAME with address records of the service subdomain itself, or change what it leads to by hand' })
    expect(outline(await run(portsFor([await startZone(cut)]), [v4(9)]))).toContain('not-repointable: msk.example.com is delegated')
    expect(outline(await run(portsFor([]), [v4(9)]))).toBe('not-repointable: msk.example.com is in no zone of a configured provider; ')
    const broken: Provider = { ...(await startZone()), zoneOf: async () => Promise.reject(new ProviderError('the API is down', { code: 'unavailable', outcome: 'unchanged' })) }
    expect(outline(await run(portsFor([broken]), [v4(9)]))).toBe('provider: whether msk.example.com is in a zone of ours is not known: the API is down; ')
  })

  it('is refused where the name is a main domain after all, of this site or by its mark, or hidden behind a proxy', async () => {
    const zone = await startZone(a('msk.example.com', '192.0.2.1'))
    expect(outline(await run(portsFor([zone]), [v4(9)], {}, { ...quick, names: [named('msk.example.com')] }))).toMatch(/^not-repointable: msk.example.com is a main domain of site/)
    const [before] = await zone.read([{ name: named('msk.example.com'), type: 'A' }], new AbortController().signal)
    if (before === undefined) throw new Error('no set')
    const hidden: Provider = { ...zone, read: async (keys, signal) => (await zone.read(keys, signal)).map((each) => ({ ...each, isHidden: true })) }
    expect(outline(await run(portsFor([hidden]), [v4(9)]))).toMatch(/^not-repointable: msk.example.com A is hidden behind a proxy/)
    await zone.apply([{ key: before.key, before, after: { ...before, owned: [v4(1)] }, reasons: [] }], new AbortController().signal)
    expect(outline(await run(portsFor([zone]), [v4(9)]))).toMatch(/^not-repointable: msk.example.com A carries the ownership mark of a main domain/)
  })

  it('calls itself off when it is not wanted any more, when another region has come to lead there, and when the program stops', async () => {
    const zone = await startZone(a('msk.example.com', '192.0.2.1'))
    expect(outline(await run(portsFor([zone]), [v4(9)], { objection: async () => 'drained' }))).toBe('called off: drained; ')
    let asked = 0
    const later = (): SiteState => ((asked += 1) === 1 ? state : resolved({ msk: [v4(1)], ams: [v4(9)] }))
    expect(outline(await run(portsFor([zone]), [v4(9)], {}, quick, undefined, later))).toBe('called off: 192.0.2.9 serves region ams; an address serves one region; ')
    const stop = new AbortController()
    const stopping = { objection: async () => void stop.abort() as undefined }
    expect(outline(await run(portsFor([zone]), [v4(9)], stopping, quick, stop.signal))).toMatch(/stopping: nothing more is written; $/)
    expect(recordsOf(zone)).toEqual(['msk.example.com 30 A 192.0.2.1'])
  })
})

/** Before each of its first writes somebody else changes the set. */
const contested = (provider: Provider, edits: readonly (() => Promise<void>)[]): Provider => {
  const left = [...edits]
  return {
    ...provider,
    apply: async (changes, signal) => {
      await left.shift()?.()
      await provider.apply(changes, signal)
    },
  }
}

describe('a repoint of records that move meanwhile', () => {
  const { signal } = new AbortController()

  it('is planned anew, up to four times', async () => {
    const zone = await startZone(a('msk.example.com', '192.0.2.1'))
    const edit = (number: number) => (): Promise<void> => zone.edit({ put: [a('msk.example.com', v4(number)), aaaa('msk.example.com', v6(number))] }, signal)
    const once = contested(zone, [edit(50)])
    expect(outline(await run(portsFor([once]), [v4(9)]))).toBe('done 192.0.2.1 -> 192.0.2.9; A=192.0.2.9, AAAA=; agreed agreed')
    const always = contested(zone, [51, 52, 53, 54].map(edit))
    expect(outline(await run(portsFor([always]), [v4(8)]))).toMatch(/^moved: somebody else keeps changing msk.example.com: gave up after 4 attempts; /)
    expect(recordsOf(zone)).toEqual(['msk.example.com 30 A 192.0.2.54', 'msk.example.com 30 AAAA 2001:db8::36'])
  })

  it('is left alone where they had to be as expected: before it began, or at the moment of writing', async () => {
    const zone = await startZone(a('msk.example.com', '192.0.2.1'))
    expect(outline(await run(portsFor([zone]), [v4(9)], { expected: [v4(3)] }))).toBe('moved: msk.example.com leads to 192.0.2.1, not to 192.0.2.3 as it was last seen to: somebody else has changed it; ')
    const moving = contested(zone, [() => zone.edit({ put: [a('msk.example.com', '192.0.2.50')] }, signal)])
    expect(outline(await run(portsFor([moving]), [v4(9)], { expected: [v4(1)] }))).toMatch(/^moved: msk.example.com A holds 192.0.2.50/)
    expect(recordsOf(zone)).toEqual(['msk.example.com 30 A 192.0.2.50'])
    expect(outline(await run(portsFor([zone]), [v4(50)], { expected: [v4(1)] }))).toBe('unchanged 192.0.2.50 -> 192.0.2.50; ')
  })
})

describe('with a provider that', () => {
  const failing = async (error: ProviderError, apply: (zone: Provider, changes: readonly Change[], signal: AbortSignal) => Promise<void> = async () => undefined): Promise<Provider> => {
    const zone = await startZone(a('msk.example.com', '192.0.2.1'), aaaa('msk.example.com', '2001:db8::1'))
    return {
      ...zone,
      apply: async (changes, signal) => {
        await apply(zone, changes, signal)
        throw error
      },
    }
  }

  it('may not write the name: says what to grant', async () => {
    const provider = await failing(new ProviderError('refused', { code: 'auth', outcome: 'unchanged' }))
    const result = await run(portsFor([provider]), [v4(9)])
    expect(outline(result)).toBe('provider: refused; ')
    expect(result).toMatchObject({ advice: expect.stringContaining('write msk.example.com as well') })
  })

  it('loses its reply: is done where the records say so, and otherwise nobody knows', async () => {
    const lost = new ProviderError('no reply', { code: 'unavailable', outcome: 'unknown' })
    const made = await failing(lost, (zone, changes, signal) => zone.apply(changes, signal))
    expect(outline(await run(portsFor([made]), [v4(9)]))).toBe('done 192.0.2.1 2001:db8::1 -> 192.0.2.9; A=192.0.2.9, AAAA=; agreed agreed')
    expect(outline(await run(portsFor([await failing(lost)]), [v4(9)]))).toBe('provider (may have written): nobody knows whether msk.example.com was written: no reply; ')
  })

  it('takes one change at a time: the name is never empty, and what is written is told when the rest fails', async () => {
    const zone = await startZone(a('msk.example.com', '192.0.2.1'))
    const order: string[] = []
    const single: Provider = {
      ...zone,
      capabilities: { ...zone.capabilities, batch: 1 },
      apply: async (changes, signal) => {
        order.push(changes.map(({ key, after }) => `${keyText(key)} ${after.values.join()}`).join('+'))
        if (order.length === 4) throw new ProviderError('rejected', { code: 'rejected', outcome: 'unchanged' })
        await zone.apply(changes, signal)
      },
    }
    expect(outline(await run(portsFor([single]), [v6(9)]))).toMatch(/^done/)
    expect(outline(await run(portsFor([single]), [v4(9)]))).toBe('provider (may have written): rejected; A was written (192.0.2.9); A=192.0.2.9')
    expect(order).toEqual(['msk.example.com AAAA 2001:db8::9', 'msk.example.com A ', 'msk.example.com A 192.0.2.9', 'msk.example.com AAAA '])
  })

  it('cannot compare: looks back, and writes again over what came in between', async () => {
    const zone = await startZone(a('msk.example.com', '192.0.2.1'))
    const { signal } = new AbortController()
    let writes = 0
    const blind: Provider = {
      ...zone,
      capabilities: { ...zone.capabilities, compareAndSet: false },
      apply: async (changes) => {
        await zone.apply(changes, signal)
        if ((writes += 1) === 1) await zone.edit({ put: [a('msk.example.com', '192.0.2.9', '192.0.2.50')] }, signal)
      },
    }
    expect(outline(await run(portsFor([blind]), [v4(9)]))).toBe('done 192.0.2.1 -> 192.0.2.9; A=192.0.2.9, A=192.0.2.9; agreed agreed')
  })
})

it('writes at the provider that holds the name, which need not be the site’s', async () => {
  const outer = await startZone(a('msk.example.com', '192.0.2.1'))
  const { source } = region('msk')
  expect(source.kind === 'service' && source.service).toBe('msk.example.com')
  const elsewhere: Provider = { ...outer, zoneOf: async () => undefined, apply: async () => Promise.reject(new Error('not here')) }
  expect(outline(await run(portsFor([elsewhere, outer]), [v4(9)]))).toMatch(/^done/)
})
