import type { Address } from '../core/address.ts'
import type { RepointRequest } from '../core/repoint.ts'
import type { Change } from '../core/rrset.ts'
import type { Provider } from '../providers/provider.ts'
import type { AppliedChange } from './cycle.ts'
import type { Clock } from './ports.ts'
import type { RepointRefusal } from './repoint-result.ts'
import { readService, refusedByProvider } from './service-records.ts'
import { lookBack, write } from './write.ts'

export type ServiceWrite = { readonly writes: readonly AppliedChange[] } & (
  | { readonly kind: 'written'; readonly to: readonly Address[] }
  | ({ readonly kind: 'refused'; readonly mayHaveWritten: boolean } & RepointRefusal)
  | { readonly kind: 'called-off'; readonly text: string }
)

const attempts = 4

const batchesOf = (changes: readonly Change[], size: number): readonly (readonly Change[])[] =>
  changes.length > size ? changes.map((change) => [change]) : changes.length > 0 ? [changes] : []

/** Whether the records hold what was written, where that is not certain. */
const isAsWritten = async (provider: Provider, batch: readonly Change[], signal: AbortSignal): Promise<boolean> =>
  provider.capabilities.compareAndSet || (await lookBack(provider, batch, new Set(batch.flatMap(({ after }) => after.values)), signal)).isAsWritten

/**
 * Makes a service subdomain lead to the wanted addresses, from what is there at the moment of writing. Where the records
 * move meanwhile it is planned anew, a few times; not where they had to be as expected. `objection` is asked before the
 * first write; what is begun is finished.
 */
export const writeService = async (
  provider: Provider,
  request: RepointRequest,
  expected: readonly Address[] | undefined,
  objection: () => Promise<string | undefined>,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal,
): Promise<ServiceWrite> => {
  let writes: readonly AppliedChange[] = []
  const sofar = (): string => (writes.length === 0 ? '' : `; ${writes.map(({ change: { key, after } }) => `${key.type} was written (${after.values.join(', ') || 'nothing'})`).join(' and ')}`)
  const refused = (refusal: RepointRefusal, mayHaveWritten = writes.length > 0): ServiceWrite => ({
    ...refusal,
    kind: 'refused',
    text: `${refusal.text}${sofar()}`,
    mayHaveWritten,
    writes,
  })

  for (let moves = 0; ; ) {
    const read = await readService(provider, request, writes.length === 0 ? expected : undefined, signal)
    const objected = writes.length > 0 ? undefined : signal.aborted ? 'stopped before anything was written' : await objection()
    if (objected !== undefined) return { kind: 'called-off', text: objected, writes }
    if (read.kind === 'refused') return refused(read)

    let moved: string | undefined
    for (const batch of batchesOf(read.changes, provider.capabilities.batch)) {
      const outcome = await write(provider, batch, signal)
      if (outcome.kind === 'failed') return refused(refusedByProvider(request.service, outcome.error))
      if (outcome.kind === 'unknown') return refused({ code: 'provider', text: `nobody knows whether ${request.service} was written: ${outcome.error.message}`, advice: 'look at it before anything else is done' }, true)
      if (outcome.kind === 'applied') {
        const writtenAt = clock.now()
        writes = [...writes, ...batch.map((change) => ({ change, writtenAt }))]
        if (await isAsWritten(provider, batch, signal)) continue
      }
      moved = outcome.kind === 'moved' ? outcome.text : 'somebody else changed it right after the write'
      break
    }
    if (moved === undefined) return { kind: 'written', to: read.to, writes }
    moves += 1
    if (expected !== undefined) return refused({ code: 'moved', text: moved })
    if (moves === attempts) return refused({ code: 'moved', text: `somebody else keeps changing ${request.service}: gave up after ${attempts} attempts; ${moved}` })
  }
}
