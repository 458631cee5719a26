import { expect, it } from 'vitest'
import { type Fqdn, parseFqdn } from '../core/fqdn.ts'
import { content, type CurrentRRset } from '../core/rrset.ts'
import { type Bench, changeOf, nothing, providerError, sample, signal } from './bench.ts'

/** What makes address records at a name impossible is a named error, and is left as it stands. */
export const obstacleCases = (bench: () => Bench): void => {
  const refusedRead = async (name: Fqdn): Promise<unknown> => {
    const { code, outcome, obstacle } = await providerError(bench().setup.provider.read([{ name, type: 'A' }], signal()))
    return { code, outcome, obstacle }
  }

  it('refuses to read a name that is an alias', async () => {
    const { setup, name, ttl } = bench()
    await setup.edit({ add: [{ name: name('is-alias'), type: 'CNAME', ttl, data: `${name('neighbour')}.` }] })
    expect(await refusedRead(name('is-alias'))).toEqual({ code: 'rejected', outcome: 'unchanged', obstacle: 'cname' })
  })

  it('refuses to write where an alias has appeared since, and changes nothing', async () => {
    const { setup, name, ttl, read } = bench()
    const before = await read({ name: name('became-alias'), type: 'A' })
    await setup.edit({ add: [{ name: name('became-alias'), type: 'CNAME', ttl, data: `${name('neighbour')}.` }] })
    const zone = await setup.snapshot()
    const error = await providerError(setup.provider.apply([changeOf(before, content(sample('A', 1), ttl, sample('A', 1)))], signal()))
    expect(error.outcome).toBe('unchanged')
    expect(['rejected', 'conflict']).toContain(error.code)
    expect(await setup.snapshot()).toEqual(zone)
  })

  it('refuses a name that is delegated, or lies below a delegation', async () => {
    const { setup, name, ttl } = bench()
    await setup.edit({ add: [{ name: name('delegated'), type: 'NS', ttl, data: 'ns.elsewhere.example.' }] })
    const expected = { code: 'rejected', outcome: 'unchanged', obstacle: 'delegation' }
    expect(await refusedRead(name('delegated'))).toEqual(expected)
    expect(await refusedRead(name('a.b.delegated'))).toEqual(expected)
  })

  it('refuses a name outside its zone', async () => {
    const { setup, ttl } = bench()
    const outside = parseFqdn('elsewhere.invalid')
    if (outside === undefined) throw new Error('a name')
    expect(await refusedRead(outside)).toEqual({ code: 'rejected', outcome: 'unchanged', obstacle: 'not-in-zone' })
    const zone = await setup.snapshot()
    const before: CurrentRRset = { key: { name: outside, type: 'A' }, ...nothing }
    const error = await providerError(setup.provider.apply([changeOf(before, content(sample('A', 1), ttl, []))], signal()))
    expect({ code: error.code, outcome: error.outcome, obstacle: error.obstacle }).toEqual({ code: 'rejected', outcome: 'unchanged', obstacle: 'not-in-zone' })
    expect(await setup.snapshot()).toEqual(zone)
  })

  it('left everything else in the zone as it was, through all of this', async () => {
    const { setup } = bench()
    const zone = setup.zone
    const records = (await setup.snapshot()).filter((record) => !['A', 'AAAA'].includes(record.type) || record.name === `neighbour.${zone}`)
    const bystander = (label: string, type: string): readonly string[] =>
      records.filter((record) => record.name === (label === '' ? zone : `${label}.${zone}`) && record.type === type).map((record) => record.data).toSorted()
    expect(bystander('neighbour', 'A')).toEqual(['198.51.100.1', '198.51.100.2'])
    expect(bystander('alias', 'CNAME')).toEqual([`neighbour.${zone}.`])
    expect(bystander('', 'CAA')).toEqual(['0 issue "ca.example.net"'])
    expect(bystander('', 'MX')).toEqual([`10 mail.${zone}.`])
    expect(bystander('_sip._tcp', 'SRV')).toEqual([`10 20 5060 mail.${zone}.`])
    expect(bystander('long', 'TXT')).toEqual([['a', 'b', 'c'].map((letter) => `"${letter.repeat(255)}"`).join(' ')])
  })
}
