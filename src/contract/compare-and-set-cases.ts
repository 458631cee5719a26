import { expect, it } from 'vitest'
import { markName } from '../core/mark.ts'
import { content } from '../core/rrset.ts'
import { addressOf, type Bench, changeOf, nothing, providerError, sample, signal, skipFor } from './bench.ts'

const noCompareAndSet = 'the provider has no compare-and-set'

/** What `compareAndSet` promises: a write from a set that is no longer there is refused, and changes nothing. */
export const compareAndSetCases = (bench: () => Bench): void => {
  it('refuses a change of an RRset that somebody else changed since, and takes it after another read', async (context) => {
    const { setup, name, ttl, read, write, expectContent, serial } = bench()
    if (!setup.provider.capabilities.compareAndSet) skipFor(noCompareAndSet, context)
    const key = { name: name('cas'), type: 'A' } as const
    await write(key, content(sample('A', 1, 2), ttl, sample('A', 1, 2)))
    const stale = await read(key)
    await setup.edit({ add: [{ name: key.name, type: 'A', ttl, data: '198.51.100.50' }] })
    const [zone, serialThen] = [await setup.snapshot(), await serial()]
    const after = content([...sample('A', 2), addressOf('198.51.100.50')], ttl, sample('A', 2))

    const error = await providerError(setup.provider.apply([changeOf(stale, content(sample('A', 2), ttl, sample('A', 2)))], signal()))

    expect({ code: error.code, outcome: error.outcome }).toEqual({ code: 'conflict', outcome: 'unchanged' })
    expect(await setup.snapshot()).toEqual(zone)
    expect(await serial()).toBe(serialThen)
    await write(key, after)
    await expectContent(key, after)
  })

  it('refuses to create an RRset that has appeared, and to replace one that has gone', async (context) => {
    const { setup, name, ttl, read, write } = bench()
    if (!setup.provider.capabilities.compareAndSet) skipFor(noCompareAndSet, context)
    const [appears, goes] = [{ name: name('cas-appears'), type: 'AAAA' } as const, { name: name('cas-goes'), type: 'AAAA' } as const]
    await write(goes, content(sample('AAAA', 1), ttl, sample('AAAA', 1)))
    const stale = [await read(appears), await read(goes)]
    await setup.edit({ add: [{ name: appears.name, type: 'AAAA', ttl, data: '2001:db8::99' }], remove: [{ name: goes.name, type: 'AAAA' }] })
    const zone = await setup.snapshot()
    const after = content(sample('AAAA', 2), ttl, sample('AAAA', 2))
    for (const before of stale) {
      const error = await providerError(setup.provider.apply([changeOf(before, after)], signal()))
      expect({ code: error.code, outcome: error.outcome }).toEqual({ code: 'conflict', outcome: 'unchanged' })
    }
    expect(await setup.snapshot()).toEqual(zone)
  })

  it('refuses a change whose mark somebody else changed since', async (context) => {
    const { setup, name, ttl, read, write } = bench()
    if (!setup.provider.capabilities.compareAndSet) skipFor(noCompareAndSet, context)
    if (setup.provider.capabilities.marks !== 'txt') skipFor('marks live on the records themselves', context)
    const key = { name: name('cas-mark'), type: 'A' } as const
    await write(key, content(sample('A', 1, 2), ttl, sample('A', 1)))
    const stale = await read(key)
    const mark = markName(key) ?? ''
    await setup.edit({ remove: [{ name: mark, type: 'TXT' }], add: [{ name: mark, type: 'TXT', ttl, data: '"dns-failover v=1 ours=192.0.2.2"' }] })
    const zone = await setup.snapshot()
    const error = await providerError(setup.provider.apply([changeOf(stale, content(sample('A', 1), ttl, sample('A', 1)))], signal()))
    expect({ code: error.code, outcome: error.outcome }).toEqual({ code: 'conflict', outcome: 'unchanged' })
    expect(await setup.snapshot()).toEqual(zone)
  })

  it('changes nothing at all if one of several changes is refused', async (context) => {
    const { setup, name, ttl, read, write, expectContent } = bench()
    if (!setup.provider.capabilities.compareAndSet) skipFor(noCompareAndSet, context)
    if (setup.provider.capabilities.batch < 2) skipFor('takes one change a call', context)
    const [fine, moved] = [{ name: name('cas-fine'), type: 'A' } as const, { name: name('cas-moved'), type: 'A' } as const]
    await write(moved, content(sample('A', 1), ttl, sample('A', 1)))
    const stale = [await read(fine), await read(moved)]
    await setup.edit({ add: [{ name: moved.name, type: 'A', ttl, data: '198.51.100.51' }] })
    const zone = await setup.snapshot()
    const after = content(sample('A', 3), ttl, sample('A', 3))
    const error = await providerError(setup.provider.apply(stale.map((before) => changeOf(before, after)), signal()))
    expect({ code: error.code, outcome: error.outcome }).toEqual({ code: 'conflict', outcome: 'unchanged' })
    expect(await setup.snapshot()).toEqual(zone)
    await expectContent(fine, nothing)
  })

  it('lets exactly one of two concurrent writers through', async (context) => {
    const { setup, name, ttl, read, expectContent } = bench()
    if (!setup.provider.capabilities.compareAndSet) skipFor(noCompareAndSet, context)
    const key = { name: name('cas-race'), type: 'A' } as const
    const before = await read(key)
    const wanted = [content(sample('A', 1), ttl, sample('A', 1)), content(sample('A', 2), ttl, sample('A', 2))]
    const outcomes = await Promise.all(
      wanted.map((after) => setup.provider.apply([changeOf(before, after)], signal()).then(() => 'applied', async (error: unknown) => (await providerError(Promise.reject(error))).code)),
    )
    expect(outcomes.toSorted()).toEqual(['applied', 'conflict'])
    await expectContent(key, wanted[outcomes.indexOf('applied')] ?? nothing)
  })
}
