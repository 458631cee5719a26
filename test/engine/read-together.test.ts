import { expect, it } from 'vitest'
import type { RRsetKey } from '../../src/core/rrset.ts'
import { createReadTogether } from '../../src/engine/read-together.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { ProviderError } from '../../src/providers/provider-error.ts'
import { named, rrset, v4 } from '../core/samples.ts'

interface Reading {
  readonly keys: readonly RRsetKey[]
  readonly signal: AbortSignal
  end(isRead?: boolean): void
}

/** Each reading ends when the test says so. */
const makeProvider = (): { readonly provider: Provider; readonly readings: Reading[] } => {
  const readings: Reading[] = []
  const provider: Provider = {
    capabilities: { compareAndSet: true, marks: 'txt', minTtl: 1, batch: 1 },
    zoneOf: async () => named('example.com'),
    read: (keys, signal) =>
      new Promise((resolve, reject) => {
        const end = (isRead = true): void => (isRead ? resolve(keys.map((key) => rrset(key, [v4(1)]))) : reject(new ProviderError('no', { code: 'unavailable', outcome: 'unchanged' })))
        readings.push({ keys, signal, end })
      }),
    apply: async () => undefined,
  }
  return { provider, readings }
}

const keysAt = (index: number): readonly RRsetKey[] => [{ name: named(`s${index}.example.com`), type: 'A' }]
const { signal } = new AbortController()

it('reads once for one site, and once for all that ask meanwhile', async () => {
  const { provider, readings } = makeProvider()
  let now = 100
  const read = createReadTogether({ now: () => now })
  const given = Array.from({ length: 500 }, (_, index) => read(provider, keysAt(index), signal))
  expect(readings.map(({ keys }) => keys.length)).toEqual([1])
  now = 120
  readings[0]?.end()
  while (readings.length < 2) await Promise.resolve()
  expect(readings.map(({ keys }) => keys.length)).toEqual([1, 499])
  readings[1]?.end()
  expect((await Promise.all(given)).map((reading) => [reading?.startedAt, reading?.current.map(({ key }) => key.name)])).toEqual(
    given.map((_, index) => [index === 0 ? 100 : 120, [`s${index}.example.com`]]),
  )
})

it('reads of different providers at the same time', () => {
  const [one, other] = [makeProvider(), makeProvider()]
  const read = createReadTogether({ now: () => 0 })
  void read(one.provider, keysAt(1), signal)
  void read(other.provider, keysAt(2), signal)
  expect([one.readings.length, other.readings.length]).toEqual([1, 1])
})

it('gives nothing where it cannot be read, and reads again when it is asked again', async () => {
  const { provider, readings } = makeProvider()
  const read = createReadTogether({ now: () => 0 })
  const failed = read(provider, keysAt(1), signal)
  readings[0]?.end(false)
  expect(await failed).toBeUndefined()
  const again = read(provider, keysAt(1), signal)
  while (readings.length < 2) await Promise.resolve()
  readings[1]?.end()
  expect((await again)?.current).toEqual([rrset({ name: named('s1.example.com'), type: 'A' }, [v4(1)])])
})

it('is given up once all who asked have gone', async () => {
  const { provider, readings } = makeProvider()
  const read = createReadTogether({ now: () => 0 })
  void read(provider, keysAt(0), signal)
  const [first, second] = [new AbortController(), new AbortController()]
  const given = [read(provider, keysAt(1), first.signal), read(provider, keysAt(2), second.signal)]
  readings[0]?.end()
  while (readings.length < 2) await Promise.resolve()
  first.abort()
  expect(readings[1]?.signal.aborted).toBe(false)
  second.abort()
  expect(readings[1]?.signal.aborted).toBe(true)
  readings[1]?.end(false)
  expect(await Promise.all(given)).toEqual([undefined, undefined])
  expect(await read(provider, keysAt(1), first.signal)).toBeUndefined()
})

it('takes a provider that throws instead of rejecting for one that cannot be read, and asks it again', async () => {
  const { provider, readings } = makeProvider()
  const read = createReadTogether({ now: () => 7 })
  const throwing = { ...provider }
  throwing.read = () => {
    throw new TypeError('a fault of the provider')
  }
  expect(await read(throwing, keysAt(0), signal)).toBeUndefined()
  throwing.read = provider.read
  const given = read(throwing, keysAt(0), signal)
  while (readings.length < 1) await Promise.resolve()
  readings[0]?.end()
  expect((await given)?.startedAt).toBe(7)
})
