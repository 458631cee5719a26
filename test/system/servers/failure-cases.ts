import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Address, parseAddress } from '../../../src/core/address.ts'
import { type Endpoint, endpointText } from '../../../src/core/endpoint.ts'
import type { Fqdn } from '../../../src/core/fqdn.ts'
import { type Change, content, type CurrentRRset, type RRsetContent, type RRsetKey } from '../../../src/core/rrset.ts'
import { ProviderError } from '../../../src/providers/provider-error.ts'
import type { Provider } from '../../../src/providers/provider.ts'
import { createRfc2136 } from '../../../src/providers/rfc2136/rfc2136.ts'
import type { ZoneRecord } from '../../../src/contract/provider-contract.ts'
import { ddnsKey, strangerKey, type TestKey } from './keys.ts'
import { openGate, type TcpGate } from './tcp-gate.ts'
import type { ZoneServer } from './zone-server.ts'

const address = (text: string): Address => parseAddress(text) as Address
const signal = (): AbortSignal => AbortSignal.timeout(20_000)
const wanted: RRsetContent = content([address('192.0.2.1'), address('192.0.2.2')], 60, [address('192.0.2.1')])
const empty: RRsetContent = content([], 0, [])

interface Seen {
  readonly code: string
  readonly outcome: string
  readonly obstacle?: string
  readonly message: string
}

/** The error's facts, with the server's port taken out of its message. */
const failure = async (work: Promise<unknown>, ...endpoints: readonly Endpoint[]): Promise<Seen> => {
  const error = await work.then(() => new Error('it succeeded'), (reason: unknown) => reason)
  if (!(error instanceof ProviderError)) throw error
  const message = endpoints.reduce((text, endpoint) => text.replaceAll(endpointText(endpoint), 'SERVER'), error.message)
  return { code: error.code, outcome: error.outcome, ...(error.obstacle === undefined ? {} : { obstacle: error.obstacle }), message }
}

const change = (before: CurrentRRset, after: RRsetContent = wanted): Change => ({ key: before.key, before, after, reasons: [] })

/** How a server tells a known key that may not do something: BIND by the rcode, Knot by the same BADKEY as an unknown one. */
export type PolicyRefusal = 'REFUSED' | 'BADKEY'

/** Everything that can go wrong between us and a real server, each with its own clear error and nothing changed. */
export const failureCases = (start: () => Promise<ZoneServer>, policy: PolicyRefusal): void => {
  let server: ZoneServer
  let gate: TcpGate
  let key: RRsetKey
  let count = 0

  beforeAll(async () => {
    server = await start()
    gate = await openGate(server.endpoint)
  })
  afterAll(async () => {
    await gate?.close()
    await server?.stop()
  })
  beforeEach(() => {
    gate.setFate({ kind: 'pass' })
    count += 1
    key = { name: `case${count}.${server.zone}` as Fqdn, type: 'A' }
  })

  const provider = (options: { tsig?: TestKey; endpoint?: Endpoint; wallNow?: () => number; timeoutMs?: number; zone?: Fqdn } = {}): Provider =>
    createRfc2136({
      server: options.endpoint ?? gate.endpoint,
      zone: options.zone ?? server.zone,
      tsig: options.tsig ?? ddnsKey,
      timeoutMs: options.timeoutMs ?? 3000,
      wallNow: options.wallNow ?? Date.now,
    })
  const read = async (from: Provider = provider()): Promise<CurrentRRset> => {
    const [current] = await from.read([key], signal())
    if (current === undefined) throw new Error('nothing read')
    return current
  }
  const absent = (): Change => change({ key, ...empty, version: { kind: 'rfc2136-mark', records: [], ttl: 0 } })
  const seen = (work: Promise<unknown>): Promise<Seen> => failure(work, gate.endpoint, server.endpoint)

  /** The whole zone, serial and signatures included, is the same after as before. */
  const withoutTrace = async <T>(work: () => Promise<T>): Promise<T> => {
    const before: readonly ZoneRecord[] = await server.transfer()
    const result = await work()
    expect(await server.transfer(), 'the whole zone, serial included').toEqual(before)
    return result
  }

  /** The same failure for reading and for writing. */
  const bothFail = async (with_: Provider, text: string): Promise<void> => {
    const shared = { code: 'auth', outcome: 'unchanged' }
    await withoutTrace(async () => {
      expect(await seen(with_.read([key], signal()))).toEqual({ ...shared, message: `cannot read from SERVER (zone ${server.zone}): ${text}` })
      expect(await seen(with_.apply([absent()], signal()))).toEqual({ ...shared, message: `cannot update SERVER (zone ${server.zone}): ${text}` })
    })
  }

  describe('keys and clocks', () => {
    it('names an unknown key', () =>
      bothFail(provider({ tsig: { ...ddnsKey, name: 'nobody' } }),
        'it does not know key "nobody" (hmac-sha256) (BADKEY), or, at Knot, no `acl` of the zone allows this with it; check the key\'s name and algorithm on both sides'))

    it('names a key of another algorithm', () =>
      bothFail(provider({ tsig: { ...ddnsKey, algorithm: 'hmac-sha512' } }),
        'it does not know key "ddns" (hmac-sha512) (BADKEY), or, at Knot, no `acl` of the zone allows this with it; check the key\'s name and algorithm on both sides'))

    it('names a key with the wrong secret, and not the secret', () =>
      bothFail(provider({ tsig: { ...ddnsKey, secret: strangerKey.secret } }),
        'it does not accept the signature of key "ddns" (hmac-sha256) (BADSIG); the secret differs from the server\'s'))

    it.each([['ahead', 7200], ['behind', -3612]] as const)('says by how much a clock is %s', async (word, seconds) => {
      const skewed = provider({ wallNow: () => Date.now() + seconds * 1000 })
      await withoutTrace(async () => {
        for (const work of [() => skewed.read([key], signal()), () => skewed.apply([absent()], signal())]) {
          const { message, ...facts } = await seen(work())
          expect(facts).toEqual({ code: 'auth', outcome: 'unchanged' })
          const match = /the clock differs by (?<seconds>[\d,]+) s: ours is (?<word>\w+) \(here \S+Z, there \S+Z\); set both by NTP \(BADTIME\)$/.exec(message)?.groups
          expect(match?.['word'], message).toBe(word)
          expect(Math.abs(Number(match?.['seconds']?.replace(',', '')) - Math.abs(seconds))).toBeLessThanOrEqual(2)
        }
      })
    })

    it('says what to allow when the policy refuses an update', () =>
      withoutTrace(async () => {
        const { message, ...facts } = await seen(provider({ tsig: strangerKey }).apply([absent()], signal()))
        expect(facts).toEqual({ code: 'auth', outcome: 'unchanged' })
        expect(message).toMatch(policy === 'REFUSED' ? refusedUpdate(key, server.zone) : /does not know key "stranger" \(hmac-sha256\) \(BADKEY\), or, at Knot, no `acl` of the zone allows this with it/)
      }))
  })

  describe('names and zones', () => {
    it('names an alias and where it leads', async () => {
      await server.edit({ add: [{ name: key.name, type: 'CNAME', ttl: 60, data: 'target.example.' }] })
      await withoutTrace(async () => {
        const expected = {
          code: 'rejected',
          outcome: 'unchanged',
          obstacle: 'cname',
          message: `cannot keep address records at ${key.name} in SERVER (zone ${server.zone}): it is an alias of target.example (CNAME); delete the CNAME record, or choose another name`,
        }
        expect(await seen(provider().read([key], signal()))).toEqual(expected)
        expect(await seen(provider().apply([absent()], signal()))).toEqual(expected)
      })
    })

    it('names a DNAME above the name', async () => {
      await server.edit({ add: [{ name: key.name, type: 'DNAME', ttl: 60, data: 'elsewhere.example.' }] })
      const below: RRsetKey = { name: `www.${key.name}` as Fqdn, type: 'A' }
      expect(await seen(provider().read([below], signal()))).toEqual({
        code: 'rejected',
        outcome: 'unchanged',
        obstacle: 'cname',
        message: `cannot keep address records at www.${key.name} in SERVER (zone ${server.zone}): ${key.name} above it is an alias of elsewhere.example with all below it (DNAME); choose another name`,
      })
    })

    it('names the delegation that a name lies below', async () => {
      await server.edit({ add: [{ name: key.name, type: 'NS', ttl: 60, data: 'ns.elsewhere.example.' }] })
      const below: RRsetKey = { name: `www.${key.name}` as Fqdn, type: 'A' }
      await withoutTrace(async () => {
        const expected = {
          code: 'rejected',
          outcome: 'unchanged',
          obstacle: 'delegation',
          message: `cannot keep address records at www.${key.name} in SERVER (zone ${server.zone}): ${key.name} is delegated to other name servers (NS); use the zone ${key.name} at its own primary`,
        }
        expect(await seen(provider().read([below], signal()))).toEqual(expected)
        const before = { key: below, ...empty, version: { kind: 'rfc2136-mark', records: [], ttl: 0 } }
        expect(await seen(provider().apply([change(before)], signal()))).toEqual(expected)
      })
    })

    it('says that the server does not hold a zone', async () => {
      const other = provider({ zone: 'absent.example' as Fqdn })
      const there: RRsetKey = { name: 'www.absent.example' as Fqdn, type: 'A' }
      const before = { key: there, ...empty, version: { kind: 'rfc2136-mark', records: [], ttl: 0 } }
      const failures = [await seen(other.read([there], signal())), await seen(other.apply([change(before)], signal()))]
      expect(failures.map(({ outcome }) => outcome)).toEqual(['unchanged', policy === 'REFUSED' ? 'unchanged' : 'unknown'])
      for (const { code, message } of failures) {
        expect(['auth', 'rejected']).toContain(code)
        expect(message).toMatch(/^cannot (?:read|update) .*SERVER \(zone absent\.example\): .*(?:does not hold the zone|zone that they do not hold|not the primary of this zone)/)
      }
    })

    it('refuses to write over an outside edit, says both sets, and writes after another read', async () => {
      const stale = await read()
      await server.edit({ add: [{ name: key.name, type: 'A', ttl: 90, data: '198.51.100.9' }] })
      await withoutTrace(async () => {
        expect(await seen(provider().apply([change(stale)], signal()))).toEqual({
          code: 'conflict',
          outcome: 'unchanged',
          message: `did not update ${key.name} A at SERVER (zone ${server.zone}): somebody else changed it since it was read. Expected nothing, ours: none; it holds 198.51.100.9 (TTL 90), ours: none`,
        })
      })
      await provider().apply([change(await read())], signal())
      expect(await read()).toMatchObject(wanted)
    })
  })

  describe('connections', () => {
    it('says that nothing listens', async () => {
      const closed = await openGate(server.endpoint)
      await closed.close()
      const nobody = provider({ endpoint: closed.endpoint })
      const text = 'the connection was refused: nothing listens there on TCP; check `server` and that the name server runs'
      expect(await failure(nobody.read([key], signal()), closed.endpoint)).toEqual({ code: 'unavailable', outcome: 'unchanged', message: `cannot read from SERVER (zone ${server.zone}): ${text}` })
      expect(await failure(nobody.apply([absent()], signal()), closed.endpoint)).toEqual({ code: 'unavailable', outcome: 'unchanged', message: `cannot update SERVER (zone ${server.zone}): ${text}` })
    })

    it('settles a lost reply by reading: the write was made', async () => {
      const before = await read()
      gate.setFate({ kind: 'lose-reply' })
      await provider().apply([change(before)], signal())
      expect(await read()).toMatchObject(wanted)
      expect((await server.transfer()).filter((record) => record.name === key.name && record.type === 'A').map((record) => record.data)).toEqual(['192.0.2.1', '192.0.2.2'])
    })

    it('does not know the outcome when the request was lost, though nothing has changed so far', async () => {
      const before = await read()
      gate.setFate({ kind: 'lose-request' })
      await withoutTrace(async () => {
        expect(await seen(provider({ timeoutMs: 300 }).apply([change(before)], signal()))).toEqual({
          code: 'unavailable',
          outcome: 'unknown',
          message: `cannot update SERVER (zone ${server.zone}): no whole answer within 300 ms; the update was sent, so it may or may not have been made`,
        })
      })
    })

    it('ends promptly, with the outcome unknown, when it is stopped after sending', async () => {
      const before = await read()
      const stop = new AbortController()
      gate.setFate({ kind: 'before', run: () => stop.abort() })
      const startedAt = performance.now()
      expect(await seen(provider().apply([change(before)], stop.signal))).toEqual({
        code: 'unavailable',
        outcome: 'unknown',
        message: `cannot update SERVER (zone ${server.zone}): stopped before it answered; the update was sent, so it may or may not have been made`,
      })
      expect(performance.now() - startedAt).toBeLessThan(30_000)
    })

    it('stays unknown while a frozen server may still make the update, and reads what it did once it thaws', async () => {
      const before = await read()
      gate.setFate({ kind: 'before', run: () => server.signal('SIGSTOP') })
      const outcome = await seen(provider({ timeoutMs: 300 }).apply([change(before)], signal()))
      server.signal('SIGCONT')
      expect(outcome).toMatchObject({ code: 'unavailable', outcome: 'unknown' })
      const now = await read()
      expect([wanted.values, []]).toContainEqual(now.values)
      gate.setFate({ kind: 'pass' })
      await provider().apply([change(now)], signal())
      expect(await read()).toMatchObject(wanted)
    })

    it('changes nothing when the server is killed as the update arrives', async () => {
      const before = await read()
      await withoutTrace(async () => {
        gate.setFate({ kind: 'instead', run: () => server.signal('SIGKILL') })
        expect(await seen(provider().apply([change(before)], signal()))).toEqual({
          code: 'unavailable',
          outcome: 'unknown',
          message: `cannot update SERVER (zone ${server.zone}): it closed the connection before it answered; the update was sent, so it may or may not have been made`,
        })
        gate.setFate({ kind: 'pass' })
        await server.restart()
      })
      await provider().apply([change(before)], signal())
      expect(await read()).toMatchObject(wanted)
    })

    it('sends nothing at all where its signal has aborted', async () => {
      const updates = gate.updates()
      expect(await seen(provider().apply([absent()], AbortSignal.abort()))).toMatchObject({ code: 'unavailable', outcome: 'unchanged' })
      expect(gate.updates()).toBe(updates)
    })
  })
}

const escaped = (text: string): string => text.replaceAll('.', String.raw`\.`)

const refusedUpdate = (key: RRsetKey, zone: string): RegExp =>
  new RegExp(`^cannot update ${escaped(key.name)} at SERVER \\(zone ${escaped(zone)}\\): the update was refused: .*key "stranger".*frozen \\(\`rndc thaw\` ends that\\).*update-policy \\{ grant stranger\\. subdomain ${escaped(key.name)}\\. A AAAA TXT; \\}.*allow-update.*Knot: an \`acl\` with \`key: stranger\` and \`action: \\[update\\]\``)
