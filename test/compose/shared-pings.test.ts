import { expect, it } from 'vitest'
import { createSharedPings } from '../../src/compose/shared-pings.ts'
import type { Address } from '../../src/core/address.ts'
import type { AnswerOutcome, NameServer } from '../../src/core/answer.ts'
import type { Fqdn } from '../../src/core/fqdn.ts'

const server = (last: number): NameServer => ({ name: `ns${last}`, endpoint: { address: `192.0.2.${last}` as Address, port: 53 } })
const zone = 'example.test' as Fqdn
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const makeBench = () => {
  const asked: { readonly text: string; readonly signal: AbortSignal; answer(outcome: AnswerOutcome): void }[] = []
  const ping = createSharedPings({ ping: ({ name }, of, signal) => new Promise((answer) => asked.push({ text: `${name} ${of}`, signal, answer })) })
  return { asked, ping }
}

const refused: AnswerOutcome = { kind: 'unreachable', detail: 'refused' }
const silent: AnswerOutcome = { kind: 'unreachable', detail: 'timeout' }

it('asks once for all who ask the same at the same moment, and anew for whoever asks after it was sent', async () => {
  const { asked, ping } = makeBench()
  const { signal } = new AbortController()
  const first = [ping(server(1), zone, signal), ping(server(1), zone, signal), ping(server(2), zone, signal)]
  expect(asked).toEqual([])
  await nextTurn()
  const later = ping(server(1), zone, signal)
  await nextTurn()
  expect(asked.map(({ text }) => text)).toEqual(['ns1 example.test', 'ns2 example.test', 'ns1 example.test'])
  for (const [index, outcome] of [refused, silent, silent].entries()) asked[index]?.answer(outcome)
  expect(await Promise.all([...first, later])).toEqual([refused, refused, silent, silent])
})

it('lets go at once of whoever asks no more, and of the question when nobody does', async () => {
  const { asked, ping } = makeBench()
  const [one, other] = [new AbortController(), new AbortController()]
  const pings = [ping(server(1), zone, one.signal), ping(server(1), zone, other.signal)]
  await nextTurn()
  one.abort()
  expect([await pings[0], asked[0]?.signal.aborted]).toEqual([{ kind: 'unreachable', detail: 'aborted' }, false])
  other.abort()
  expect([await pings[1], asked[0]?.signal.aborted]).toEqual([{ kind: 'unreachable', detail: 'aborted' }, true])
  expect(await ping(server(1), zone, one.signal)).toEqual({ kind: 'unreachable', detail: 'aborted' })
})
