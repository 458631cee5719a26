import { expect, it } from 'vitest'
import { markName } from '../core/mark.ts'
import { addressTypes, content } from '../core/rrset.ts'
import { addressOf, type Bench, changeOf, nothing, providerError, sample, signal, skipFor } from './bench.ts'

/** What writing promises. */
export const writeCases = (bench: () => Bench): void => {
  it.each(addressTypes)('creates, grows, shrinks, replaces, changes the TTL of and removes an %s RRset with its mark', async (type) => {
    const { name, ttl, otherTtl, write, expectContent, bystanders } = bench()
    const key = { name: name(`life-${type.toLowerCase()}`), type }
    const around = await bystanders(key.name)
    const steps = [
      content(sample(type, 1), ttl, sample(type, 1)),
      content(sample(type, 1, 2, 3), ttl, sample(type, 1, 2, 3)),
      content(sample(type, 2), ttl, sample(type, 2)),
      content(sample(type, 4, 5), ttl, sample(type, 4, 5)),
      content(sample(type, 4, 5), otherTtl, sample(type, 4, 5)),
      content(sample(type, 4, 6), ttl, sample(type, 4, 6)),
      content(sample(type, 4, 6), ttl, sample(type, 4)),
      content(sample(type, 4, 6), ttl, []),
      nothing,
      content(sample(type, 7), otherTtl, sample(type, 7)),
      nothing,
    ]
    for (const step of steps) {
      await write(key, step)
      await expectContent(key, step)
      expect(await bystanders(key.name)).toEqual(around)
    }
  })

  it.each(addressTypes)('holds 40 values in one %s RRset', async (type) => {
    const { name, ttl, write, expectContent } = bench()
    const key = { name: name(`forty-${type.toLowerCase()}`), type }
    const values = sample(type, ...Array.from({ length: 40 }, (_, at) => at + 1))
    await write(key, content(values, ttl, values))
    await expectContent(key, content(values, ttl, values))
    await write(key, content(values.slice(3), ttl, values.slice(3)))
    await expectContent(key, content(values.slice(3), ttl, values.slice(3)))
    await write(key, nothing)
    await expectContent(key, nothing)
  })

  it('leaves what shares the name, and the name of the mark, bit for bit as it was', async () => {
    const { setup, name, ttl, otherTtl, write, expectContent, bystanders } = bench()
    const key = { name: name('shared'), type: 'A' } as const
    await setup.edit({
      add: [
        { name: key.name, type: 'TXT', ttl: otherTtl, data: '"shares the name" "dns-failover v=1 ours="' },
        { name: key.name, type: 'MX', ttl: otherTtl, data: `5 mail.${setup.zone}.` },
        { name: `below.${key.name}`, type: 'A', ttl: otherTtl, data: '198.51.100.77' },
        { name: `below.${key.name}`, type: 'TXT', ttl: otherTtl, data: '"below"' },
        // One RRset has one TTL: whoever else keeps a TXT there shares the mark's.
        { name: markName(key) ?? '', type: 'TXT', ttl, data: '"not a mark"' },
      ],
    })
    const around = await bystanders(key.name)
    for (const step of [content(sample('A', 1), ttl, sample('A', 1)), content(sample('A', 2, 3), ttl, sample('A', 2, 3)), nothing]) {
      await write(key, step)
      await expectContent(key, step)
      if (step !== nothing) expect(await bystanders(key.name)).toEqual(around)
    }
    expect((await bystanders(key.name)).map((record) => ({ ...record, ttl: 0 }))).toEqual(around.map((record) => ({ ...record, ttl: 0 })))
  })

  it('keeps the two families of one name apart', async () => {
    const { name, ttl, otherTtl, write, expectContent } = bench()
    const [v4, v6] = addressTypes.map((type) => ({ name: name('families'), type }))
    if (v4 === undefined || v6 === undefined) throw new Error('two families')
    const [a, b] = [content(sample('A', 1), ttl, sample('A', 1)), content(sample('AAAA', 1), otherTtl, sample('AAAA', 1))]
    await write(v4, a)
    await write(v6, b)
    await expectContent(v4, a)
    await write(v4, nothing)
    await expectContent(v6, b)
    await expectContent(v4, nothing)
    await write(v6, nothing)
    await expectContent(v6, nothing)
  })

  it('writes at the apex of the zone', async () => {
    const { setup, ttl, write, expectContent, bystanders } = bench()
    const key = { name: setup.zone, type: 'A' } as const
    const around = await bystanders(key.name)
    const after = content(sample('A', 1, 2), ttl, sample('A', 1, 2))
    await write(key, after)
    await expectContent(key, after)
    await write(key, nothing)
    await expectContent(key, nothing)
    expect(await bystanders(key.name)).toEqual(around)
  })

  it('changes nothing, not even the serial, when applied a second time', async () => {
    const { setup, name, ttl, read, write, expectContent, serial } = bench()
    const key = { name: name('twice'), type: 'A' } as const
    const after = content(sample('A', 1, 2), ttl, sample('A', 1))
    const change = changeOf(await read(key), after)
    await setup.provider.apply([change], signal())
    const [zone, serialThen] = [await setup.snapshot(), await serial()]

    await write(key, after)
    await setup.provider.apply([change], signal())

    await expectContent(key, after)
    expect(await setup.snapshot()).toEqual(zone)
    expect(await serial()).toBe(serialThen)
    await write(key, nothing)
    const serialRemoved = await serial()
    await write(key, nothing)
    expect(await serial()).toBe(serialRemoved)
  })

  it('advances the serial with a change', async () => {
    const { name, ttl, write, serial } = bench()
    const key = { name: name('serial'), type: 'A' } as const
    const first = await serial()
    await write(key, content(sample('A', 1), ttl, sample('A', 1)))
    const second = await serial()
    if (first !== undefined && second !== undefined) expect((second - first) | 0, 'RFC 1982').toBeGreaterThan(0)
  })

  it('applies several changes at different names in one call', async (context) => {
    const { setup, name, ttl, otherTtl, expectContent, bystanders } = bench()
    if (setup.provider.capabilities.batch < 2) skipFor('takes one change a call', context)
    const keys = addressTypes.flatMap((type) => ['batch-a', 'batch-b'].map((label) => ({ name: name(label), type })))
    const some = keys.slice(0, setup.provider.capabilities.batch)
    const around = await bystanders(...keys.map((key) => key.name))
    const round = async (make: (at: number) => ReturnType<typeof content>): Promise<void> => {
      const sets = await setup.provider.read(some, signal())
      await setup.provider.apply(sets.map((set, at) => changeOf(set, make(at))), signal())
      for (const [at, key] of some.entries()) await expectContent(key, make(at))
      expect(await bystanders(...keys.map((key) => key.name))).toEqual(around)
    }
    const type = (at: number): 'A' | 'AAAA' => some[at]?.type ?? 'A'
    await round((at) => content(sample(type(at), at + 1), ttl, sample(type(at), at + 1)))
    await round((at) => (at === 0 ? nothing : content(sample(type(at), at + 1, at + 2), otherTtl, sample(type(at), at + 2))))
    await round(() => nothing)
  })

  it('accepts no changes at all', async () => {
    const { setup, serial } = bench()
    const before = await serial()
    await setup.provider.apply([], signal())
    expect(await serial()).toBe(before)
  })

  it('keeps values of others as unowned, and ours as ours, when an RRset is shared', async () => {
    const { setup, name, ttl, write, expectContent } = bench()
    const key = { name: name('foreign'), type: 'A' } as const
    await write(key, content(sample('A', 1), ttl, sample('A', 1)))
    await setup.edit({ add: [{ name: key.name, type: 'A', ttl, data: '198.51.100.99' }] })
    const foreign = addressOf('198.51.100.99')
    await expectContent(key, content([...sample('A', 1), foreign], ttl, sample('A', 1)))
    const grown = content([...sample('A', 1, 2), foreign], ttl, sample('A', 1, 2))
    await write(key, grown)
    await expectContent(key, grown)
    const left = content([foreign], ttl, [])
    await write(key, left)
    await expectContent(key, left)
    await write(key, nothing)
  })

  it('keeps a mark that names values which are not there', async (context) => {
    const { setup, name, ttl, write, expectContent } = bench()
    if (setup.provider.capabilities.marks !== 'txt') skipFor('marks live on the records themselves', context)
    const key = { name: name('absent-but-ours'), type: 'A' } as const
    for (const step of [content(sample('A', 1), ttl, sample('A', 1, 2)), content([], 0, sample('A', 1, 2)), nothing]) {
      await write(key, step)
      await expectContent(key, step)
    }
  })

  it('writes nothing when its signal has aborted', async () => {
    const { setup, name, ttl, read } = bench()
    const current = await read({ name: name('abort-write'), type: 'A' })
    const before = await setup.snapshot()
    const startedAt = performance.now()
    const after = content(sample('A', 1), ttl, sample('A', 1))
    const error = await providerError(setup.provider.apply([changeOf(current, after)], AbortSignal.abort()))
    expect(performance.now() - startedAt).toBeLessThan(1000)
    expect({ code: error.code, outcome: error.outcome }).toEqual({ code: 'unavailable', outcome: 'unchanged' })
    expect(await setup.snapshot()).toEqual(before)
  })

  it('says what is known when its signal aborts meanwhile', async () => {
    const { setup, name, ttl, read } = bench()
    const key = { name: name('abort-meanwhile'), type: 'A' } as const
    const abort = new AbortController()
    const current = await read(key)
    const startedAt = performance.now()
    const after = content(sample('A', 1), ttl, sample('A', 1))
    const applying = setup.provider.apply([changeOf(current, after)], abort.signal).then(() => 'changed' as const, async (error: unknown) => (await providerError(Promise.reject(error))).outcome)
    setImmediate(() => abort.abort())
    const outcome = await applying
    expect(performance.now() - startedAt).toBeLessThan(1500)
    const { values } = await read(key)
    if (outcome === 'changed') expect(values).toEqual(after.values)
    if (outcome === 'unchanged') expect(values).toEqual([])
  })
}
