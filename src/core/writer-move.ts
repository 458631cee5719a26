import { stillAfter } from './freshness-state.ts'
import type { Answers } from './heartbeat-looks.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { Replication } from './replication.ts'

/** Whether another region may become the writer now. */
export type WriterMove =
  /** The writer is there, and the other has all that it has: it can be stopped first, and nothing is lost. */
  | { readonly kind: 'planned' }
  /** The writer cannot be asked, and nobody who can has more than the other. What it never sent is lost, or comes back with it. */
  | { readonly kind: 'takeover'; readonly detail: string }
  | { readonly kind: 'refused'; readonly reason: string; readonly advice: string }

const refused = (reason: string, advice: string): WriterMove => ({ kind: 'refused', reason, advice })

/** A region's copy of the writer's heartbeat; or why there is none. */
const copyAt = (answers: Answers, region: string, writer: string): { readonly heartbeat: Heartbeat } | { readonly isThere: boolean; readonly isMissing: boolean; readonly detail: string } => {
  const copies = Object.hasOwn(answers, region) ? answers[region] : undefined
  const copy = copies !== undefined && Object.hasOwn(copies, writer) ? copies[writer] : undefined
  if (copy === undefined) return { isThere: false, isMissing: false, detail: 'it has no address' }
  if (copy.kind === 'found') return { heartbeat: copy.heartbeat }
  return { isThere: copy.kind === 'missing' || copy.hasAnswered === true, isMissing: copy.kind === 'missing', detail: copy.detail }
}

const behindText = (own: Heartbeat, other: Heartbeat, everyMs: number): string => `${Math.round((Math.max(0, other.counter - own.counter) * everyMs) / 1000)} s behind, and the content differs`

/** Of one writer alone: in two-way mode every region writes. */
export const judgeWriterMove = (replication: Replication, answers: Answers, to: string): WriterMove => {
  const { writer, heartbeat, hosts } = replication
  const [source, own] = [copyAt(answers, writer, writer), copyAt(answers, to, writer)]
  if (!('heartbeat' in own)) {
    return own.isThere
      ? refused(`${to} has no heartbeat of ${writer}${own.isMissing ? '' : ' that can be read'} (${own.detail}): what else it has is not known`, `see to it that ${to} receives, and ask again`)
      : refused(`${to} cannot be asked: ${own.detail}`, 'a writer that nobody reaches sends nothing; see to its web server first')
  }
  const everyMs = heartbeat.everyMs
  if ('heartbeat' in source) {
    if (source.heartbeat.content === own.heartbeat.content) return { kind: 'planned' }
    if (own.heartbeat.counter > source.heartbeat.counter + stillAfter) {
      const what = `${to} has a later heartbeat of ${writer} (number ${own.heartbeat.counter}) than ${writer} itself (${source.heartbeat.counter}), and the content differs`
      return refused(`${what}: ${writer} was restored from a backup, or two servers write in its name`, `look at both which content is the right one, and turn off whoever else writes`)
    }
    return refused(`${writer} is alive and has newer content: ${to} is ${behindText(own.heartbeat, source.heartbeat, everyMs)}`, `stop changing files on ${writer}, wait until "dns-failover replication check" says that ${to} has everything, and ask again`)
  }
  if (source.isMissing) return refused(`${writer} is alive, but has no heartbeat (${source.detail}): what it has is not known`, `start its heartbeat service, or turn ${writer} off`)
  if (source.isThere) return refused(`${writer} is alive, but its heartbeat cannot be read (${source.detail}): what it has is not known`, `mend its web server, or turn ${writer} off`)
  for (const region of Object.keys(hosts).filter((each) => each !== writer && each !== to)) {
    const other = copyAt(answers, region, writer)
    if (!('heartbeat' in other) || other.heartbeat.counter <= own.heartbeat.counter || other.heartbeat.content === own.heartbeat.content) continue
    return refused(`${region} has newer content of ${writer}: ${to} is ${behindText(own.heartbeat, other.heartbeat, everyMs)}`, `make ${region} the writer instead`)
  }
  return { kind: 'takeover', detail: source.detail }
}
