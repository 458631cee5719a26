import type { Answers } from './heartbeat-looks.ts'
import { stillAfter } from './freshness-state.ts'
import type { Copy, Heartbeat } from './heartbeat.ts'
import { linksOf, type Replication } from './replication.ts'

/** How one direction of the replication stands. */
export interface ReplicationPair {
  readonly from: string
  readonly to: string
  /**
   * ok: what the sender wrote last, or little more is missing. behind: too much is missing. missing: the receiver never got a
   * heartbeat. ahead: the receiver's is one that the sender has not come to, so that nothing can be told. still: the sender writes
   * none any more, so neither. unreachable: one of them could not be asked.
   */
  readonly state: 'ok' | 'behind' | 'missing' | 'ahead' | 'still' | 'unreachable'
  /** By the heartbeats between; undefined: cannot be told. */
  readonly lagMs: number | undefined
  /** Whether both have the same content; undefined: cannot be told. */
  readonly isSame: boolean | undefined
  /** The sender's clock when it wrote the heartbeat that the receiver has. Milliseconds since the epoch. */
  readonly writtenAt: number | undefined
  readonly text: string
}

const copyOf = (answers: Answers, region: string, writer: string): Copy | undefined => {
  const own = Object.hasOwn(answers, region) ? answers[region] : undefined
  return own !== undefined && Object.hasOwn(own, writer) ? own[writer] : undefined
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`

const compared = (to: string, source: Heartbeat, copy: Heartbeat, isStill: boolean, { heartbeat, maxLagMs }: Replication): Pick<ReplicationPair, 'state' | 'lagMs' | 'isSame' | 'writtenAt' | 'text'> => {
  const lagMs = Math.max(0, source.counter - copy.counter) * heartbeat.everyMs
  const isSame = source.content === copy.content
  const facts = { lagMs, isSame, writtenAt: copy.writtenAt }
  if (copy.counter > source.counter + stillAfter) {
    const text = `${to} has number ${copy.counter}, and ${source.region} itself has come to ${source.counter}: ${source.region} was restored from a backup, or two servers write in its name`
    return { ...facts, lagMs: undefined, state: 'ahead', text }
  }
  if (isStill) return { ...facts, state: 'still', text: 'the sender writes no heartbeat any more: look at its heartbeat service' }
  if (lagMs > maxLagMs) return { ...facts, state: 'behind', text: `${seconds(lagMs)} behind${isSame ? ', with the same content so far' : ', and the content differs'}` }
  return { ...facts, state: 'ok', text: lagMs === 0 ? 'has what the sender wrote last' : `${seconds(lagMs)} behind, as it may be` }
}

/** Each direction in which content is sent, by one look. `still`: senders whose heartbeat has not advanced in a while. */
export const replicationPairs = (replication: Replication, answers: Answers, still: readonly string[]): readonly ReplicationPair[] =>
  linksOf(replication).map(({ from, to }): ReplicationPair => {
    const nothing = { from, to, lagMs: undefined, isSame: undefined, writtenAt: undefined }
    const [source, copy] = [copyOf(answers, from, from), copyOf(answers, to, from)]
    for (const [region, each] of [[from, source], [to, copy]] as const) {
      if (each === undefined) return { ...nothing, state: 'unreachable', text: `${region} cannot be asked` }
      if (each.kind === 'failed') return { ...nothing, state: 'unreachable', text: each.hasAnswered === true ? `${region} answers, but not with its heartbeat of ${from}: ${each.detail}` : `${region} cannot be asked: ${each.detail}` }
    }
    if (source?.kind !== 'found') return { ...nothing, state: 'still', text: `${from} has no heartbeat of its own: look at its heartbeat service, and at its web server` }
    if (copy?.kind !== 'found') return { ...nothing, state: 'missing', text: `${to} has no heartbeat of ${from}: nothing has ever come, or its web server does not hand it out` }
    return { from, to, ...compared(to, source.heartbeat, copy.heartbeat, still.includes(from), replication) }
  })
