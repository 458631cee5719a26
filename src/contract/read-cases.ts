import { expect, it } from 'vitest'
import { parseFqdn } from '../core/fqdn.ts'
import { content } from '../core/rrset.ts'
import { addressOf, type Bench, nothing, providerError, sample, signal } from './bench.ts'

/** What reading promises. */
export const readCases = (bench: () => Bench): void => {
  it('returns no RRsets for no keys', async () => {
    expect(await bench().setup.provider.read([], signal())).toEqual([])
  })

  it('returns absent and present RRsets in the order of the keys, those of others as unowned', async () => {
    const { setup, name, ttl } = bench()
    const [present, absent] = [name('read-present'), name('read-absent')]
    await setup.edit({
      add: [
        { name: present, type: 'A', ttl, data: '192.0.2.9' },
        { name: present, type: 'A', ttl, data: '192.0.2.10' },
        { name: present, type: 'AAAA', ttl, data: '2001:db8::9' },
      ],
    })
    const before = await setup.snapshot()
    const keys = [
      { name: absent, type: 'AAAA' },
      { name: present, type: 'AAAA' },
      { name: absent, type: 'A' },
      { name: present, type: 'A' },
    ] as const

    const sets = await setup.provider.read(keys, signal())

    expect(sets.map(({ key, values, ttl: at, owned }) => ({ key, values, ttl: at, owned }))).toEqual([
      { key: keys[0], ...nothing },
      { key: keys[1], ...content([addressOf('2001:db8::9')], ttl, []) },
      { key: keys[2], ...nothing },
      { key: keys[3], ...content([addressOf('192.0.2.9'), addressOf('192.0.2.10')], ttl, []) },
    ])
    expect(await setup.snapshot(), 'reading changes nothing').toEqual(before)
  })

  it('does not take a wildcard for records at an absent name', async () => {
    const { setup, name, ttl, otherTtl, write, expectContent, read, bystanders } = bench()
    await setup.edit({ add: [{ name: `*.${name('wild')}`, type: 'A', ttl: otherTtl, data: '198.51.100.7' }] })
    const key = { name: name('absent.wild'), type: 'A' } as const
    const around = await bystanders(key.name)
    expect(await read(key)).toMatchObject({ key, ...nothing })

    const after = content(sample('A', 1), ttl, sample('A', 1))
    await write(key, after)
    await expectContent(key, after)
    await write(key, nothing)
    expect(await read(key)).toMatchObject({ key, ...nothing })
    expect(await bystanders(key.name)).toEqual(around)
  })

  it('takes an absent name under a wildcard CNAME for absent', async () => {
    const { setup, name, ttl, read } = bench()
    await setup.edit({ add: [{ name: `*.${name('wildalias')}`, type: 'CNAME', ttl, data: `${name('neighbour')}.` }] })
    const key = { name: name('absent.wildalias'), type: 'A' } as const
    expect(await read(key)).toMatchObject({ key, ...nothing })
  })

  it('knows its zone', async () => {
    const { setup, name } = bench()
    const { provider, zone } = setup
    const outside = ['elsewhere.invalid', `x${zone}`, zone.split('.').slice(1).join('.')].flatMap((text) => parseFqdn(text) ?? [])
    expect(await provider.zoneOf(zone, signal())).toBe(zone)
    expect(await provider.zoneOf(name('a.b'), signal())).toBe(zone)
    expect(await Promise.all(outside.map((each) => provider.zoneOf(each, signal())))).toEqual(outside.map(() => undefined))
  })

  it('ends promptly when its signal has aborted', async () => {
    const { setup, name } = bench()
    const startedAt = performance.now()
    const error = await providerError(setup.provider.read([{ name: name('abort'), type: 'A' }], AbortSignal.abort()))
    expect({ code: error.code, outcome: error.outcome }).toEqual({ code: 'unavailable', outcome: 'unchanged' })
    await setup.provider.zoneOf(name('abort'), AbortSignal.abort()).catch(() => undefined)
    expect(performance.now() - startedAt).toBeLessThan(1000)
  })

  it('settles promptly when its signal aborts meanwhile', async () => {
    const { setup, name } = bench()
    const abort = new AbortController()
    const startedAt = performance.now()
    const reading = setup.provider.read([{ name: name('abort'), type: 'A' }], abort.signal)
    abort.abort()
    await reading.catch(() => undefined)
    expect(performance.now() - startedAt).toBeLessThan(1000)
  })
}
