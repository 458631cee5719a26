import type { Change, CurrentRRset } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import type { Verification } from '../core/verification.ts'
import type { ProviderError } from '../providers/provider-error.ts'
import type { AppliedChange } from './cycle.ts'
import type { SitePorts } from './ports.ts'
import { keysOf } from './site-keys.ts'
import { verify } from './verify.ts'
import { lookBack, readCurrent, write } from './write.ts'

export interface ChangeOnceOptions {
  readonly isDryRun: boolean
  /** Milliseconds from the write until a name server that still differs counts as disagreeing. */
  readonly verifyMs: number
}

export interface ChangeOnceResult {
  /** As last read, before the last write. */
  readonly current: readonly CurrentRRset[]
  /** What was planned at the last reading and is not written. */
  readonly planned: readonly Change[]
  readonly writes: readonly AppliedChange[]
  readonly verifications: readonly Verification[]
  /** Why it ended early; `contended`: somebody else keeps changing the records. */
  readonly failure: ProviderError | { readonly code: 'contended'; readonly message: string } | undefined
}

const attempts = 4

/**
 * Makes an operator's change of a site's records: reads, plans, writes, verifies. No health is asked, so the plan must
 * be safe by itself. Where the records moved since they were read, it is planned anew.
 */
export const changeOnce = async (
  site: Site,
  planOf: (current: readonly CurrentRRset[]) => readonly Change[],
  ports: Pick<SitePorts, 'provider' | 'authorities' | 'clock'>,
  options: ChangeOnceOptions,
  signal: AbortSignal,
): Promise<ChangeOnceResult> => {
  const { provider, clock } = ports
  let writes: readonly AppliedChange[] = []
  let last: Pick<ChangeOnceResult, 'current' | 'planned'> = { current: [], planned: [] }
  const end = async (failure: ChangeOnceResult['failure']): Promise<ChangeOnceResult> => {
    const bounds = { deadlineMs: options.verifyMs, tries: 2 }
    const verifications = await Promise.all(writes.map(({ change, writtenAt }) => verify(change, writtenAt, bounds, ports, signal)))
    return { ...last, writes, verifications, failure }
  }

  for (let moves = 0; ; ) {
    const read = await readCurrent(provider, keysOf(site), signal)
    if (read.kind === 'failed') return end(read.error)
    const planned = planOf(read.current)
    last = { current: read.current, planned }
    if (planned.length === 0 || options.isDryRun || signal.aborted) return end(undefined)
    const batch = planned.slice(0, Math.max(1, provider.capabilities.batch))
    const outcome = await write(provider, batch, signal)
    const writtenAt = clock.now()
    switch (outcome.kind) {
      case 'applied':
        writes = [...writes, ...batch.map((change) => ({ change, writtenAt }))]
        if (!provider.capabilities.compareAndSet) await lookBack(provider, batch, new Set(batch.flatMap(({ after }) => after.values)), signal)
        last = { ...last, planned: planned.slice(batch.length) }
        if (last.planned.length === 0) return end(undefined)
        break
      case 'failed':
      case 'unknown':
        return end(outcome.error)
      case 'moved':
        moves += 1
        if (moves === attempts) return end({ code: 'contended', message: `somebody else keeps changing the records: gave up after ${attempts} attempts; ${outcome.text}` })
    }
  }
}
