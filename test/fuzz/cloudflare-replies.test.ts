import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { content } from '../../src/core/rrset.ts'
import { ProviderError } from '../../src/providers/provider-error.ts'
import { keyA, v4 } from '../core/samples.ts'
import { type Bench, makeBench, plantOurs } from '../providers/cloudflare/bench.ts'
import { strangeValue, withValueAt, within } from './edits.ts'

const signal = (): AbortSignal => AbortSignal.timeout(10_000)
const strange = fc.tuple(fc.nat(200), strangeValue)

/** Time goes by between one try and the next: readings in quick succession wait for each other. */
const quickClock = (): (() => number) => {
  let ms = 0
  return () => (ms += 10_000)
}

/** From the first address to the second, beginning with what is there; the error that it ends with. */
const replace = async ({ provider }: Bench): Promise<unknown> => {
  try {
    const [before] = await provider.read([keyA], signal())
    if (before === undefined) throw new Error('nothing read')
    await provider.apply([{ key: keyA, before, after: content([v4(2)], 60, [v4(2)]), reasons: [] }], signal())
    return undefined
  } catch (error) {
    return error
  }
}

const reset = ({ api }: Bench): void => {
  api.clearFaults()
  api.remove('example.com', ({ name, type }) => name === keyA.name && (type === 'A' || type === 'AAAA'))
  plantOurs(api, [v4(1)])
  api.forget()
}

/** Whatever came of it, only what was asked for has been done, or nothing. */
const holds = (bench: Bench, error: unknown, others: unknown): void => {
  if (error !== undefined) expect(error).toBeInstanceOf(ProviderError)
  const isDone = bench.values().join() === v4(2)
  if (!isDone) expect(bench.values()).toEqual([v4(1)])
  if (error === undefined) expect(isDone).toBe(true)
  if (error instanceof ProviderError && error.outcome === 'unchanged') expect(isDone).toBe(false)
  expect(bench.others()).toEqual(others)
}

describe('whatever stands in an answer of Cloudflare’s', () => {
  it('to a list: what is there stays or becomes what was asked for, and nothing else is touched', async () => {
    const bench = await makeBench({ timeoutMs: 1000, zoneId: true, now: quickClock() })
    const others = bench.others()
    await fc.assert(
      fc.asyncProperty(strange, fc.nat(1), async ([place, value], skip) => {
        reset(bench)
        bench.api.plan({ on: 'list', skip, fault: { kind: 'altered', alter: (page) => withValueAt(page, place, value) } })
        holds(bench, await within(1500, replace(bench)), others)
      }),
      { numRuns: 200, examples: [[[155, 'CNAME'], 0], [[74, '__proto__'], 0]] },
    )
  })

  it('to a write: it is not taken for done unless it says so', async () => {
    const bench = await makeBench({ timeoutMs: 1000, zoneId: true, now: quickClock() })
    const others = bench.others()
    const good = { success: true, errors: [], messages: [], result: { deletes: [], patches: [], puts: [], posts: [] } }
    await fc.assert(
      fc.asyncProperty(strange, fc.boolean(), fc.constantFrom(200, 200, 200, 204, 299, 400, 500), async ([place, value], isApplied, status) => {
        reset(bench)
        bench.api.plan({ on: 'batch', fault: { kind: 'answer', status, body: withValueAt(good, place, value), isApplied } })
        const error = await within(1500, replace(bench))
        // What says that it was refused, and yet was done, lies: a 4xx of Cloudflare's is not sent after the fact.
        if (isApplied && error instanceof ProviderError && error.outcome === 'unchanged') return
        holds(bench, error, others)
      }),
      { numRuns: 200 },
    )
  })
})
