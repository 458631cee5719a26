import { type Fqdn, isWithin } from '../../core/fqdn.ts'
import { markName } from '../../core/mark.ts'
import { content, type CurrentRRset, type RRsetKey } from '../../core/rrset.ts'
import { ProviderError } from '../provider-error.ts'
import { type Answer, judgeAnswer } from './answer.ts'
import { ask } from './ask.ts'
import { type MarkSet, noMark, ownedBy } from './mark-set.ts'
import type { Question } from './message.ts'
import { rcode, rcodeText, recordType } from './numbers.ts'
import { type Peer, peerText } from './peer.ts'
import { possibleCuts, possibleWildcards, query, question, questionsFor, questionText } from './questions.ts'
import { decodeAddress, typeNumber } from './record-data.ts'
import { queryError, updateError } from './reply-error.ts'
import { existenceRequest } from './update-request.ts'
import type { WireName } from './wire-name.ts'

type Answers = ReadonlyMap<string, Answer>

const rejected = (peer: Peer, obstacle: 'cname' | 'delegation' | 'not-in-zone', name: string, text: string): ProviderError =>
  new ProviderError(`cannot keep address records at ${name} in ${peerText(peer)}: ${text}`, { code: 'rejected', outcome: 'unchanged', obstacle })

const askAll = async (peer: Peer, questions: readonly Question[], signal: AbortSignal): Promise<Answers> => {
  const distinct = [...new Map(questions.map((each) => [questionText(each), each])).values()]
  const replies = await ask(peer, 'read', distinct.map(query), signal)
  return new Map(distinct.flatMap((each, at) => {
    const reply = replies[at]
    return reply === undefined ? [] : [[questionText(each), judgeAnswer(reply, each.name, each.type, peer.zone)] as const]
  }))
}

const answerTo = (answers: Answers, asked: Question): Answer => answers.get(questionText(asked)) ?? { kind: 'absent' }

/**
 * Whether what looks like the name's own records is in the zone, and not made up from a wildcard (RFC 4592). Asked by
 * an UPDATE of a prerequisite alone, as that looks at the zone's data and changes nothing.
 */
const isReal = async (peer: Peer, name: WireName, type: number, signal: AbortSignal): Promise<boolean> => {
  const [reply] = await ask(peer, 'read', [existenceRequest(peer.zone, name, type)], signal)
  if (reply?.rcode === rcode.NOERROR) return true
  if (reply?.rcode === rcode.NXRRSET || reply?.rcode === rcode.NXDOMAIN) return false
  throw updateError(peer, [name as Fqdn], rcodeText(reply?.rcode ?? rcode.SERVFAIL))
}

/** The name's own answer: what a wildcard made up counts as absent. */
const ownAnswer = async (peer: Peer, answers: Answers, name: Fqdn, type: number, signal: AbortSignal): Promise<Answer> => {
  const answer = answerTo(answers, question(name, type))
  const ownType = answer.kind === 'rrset' ? type : answer.kind === 'alias' && answer.by === 'CNAME' ? recordType.CNAME : undefined
  if (ownType === undefined) return answer
  const wildcards = possibleWildcards(name, peer.zone).map((wildcard) => answerTo(answers, question(wildcard, type)))
  const couldBeMadeUp = wildcards.some((each) => each.kind === answer.kind)
  return couldBeMadeUp && !(await isReal(peer, name, ownType, signal)) ? { kind: 'absent' } : answer
}

/** The records at the name itself, or none. */
const recordsAt = (peer: Peer, name: Fqdn, answer: Answer): { readonly records: readonly Buffer[]; readonly ttl: number } => {
  switch (answer.kind) {
    case 'rrset':
      return { records: answer.records.map((record) => record.data), ttl: answer.ttl }
    case 'absent':
      return { records: [], ttl: 0 }
    case 'alias':
      throw rejected(peer, 'cname', name, answer.by === 'CNAME'
        ? `it is an alias of ${answer.target} (CNAME); delete the CNAME record, or choose another name`
        : `${answer.owner} above it is an alias of ${answer.target} with all below it (DNAME); choose another name`)
    case 'cut':
      throw rejected(peer, 'delegation', name, `${answer.at} is delegated to other name servers (NS); use the zone ${answer.at} at its own primary`)
    case 'refused':
      throw queryError(peer, name, answer.rcode)
    case 'not-authoritative':
      throw queryError(peer, name, 'no authority')
  }
}

const readOne = async (peer: Peer, answers: Answers, key: RRsetKey, signal: AbortSignal): Promise<CurrentRRset> => {
  const type = typeNumber(key.type)
  const set = recordsAt(peer, key.name, await ownAnswer(peer, answers, key.name, type, signal))
  for (const name of possibleCuts(key.name, peer.zone)) {
    if (answerTo(answers, question(name, recordType.NS)).kind === 'rrset') recordsAt(peer, key.name, { kind: 'cut', at: name })
  }
  const at = markName(key)
  const mark: MarkSet = at === undefined
    ? noMark
    : { ...noMark, ...recordsAt(peer, at, await ownAnswer(peer, answers, at, recordType.TXT, signal)) }
  const values = set.records.flatMap((data) => decodeAddress(data) ?? [])
  return { key, ...content(values, set.ttl, ownedBy(mark)), version: mark }
}

/**
 * The RRsets as the update server itself holds them, with their marks.
 * @throws ProviderError, outcome always `unchanged`.
 */
export const readRRsets = async (peer: Peer, keys: readonly RRsetKey[], signal: AbortSignal): Promise<readonly CurrentRRset[]> => {
  requireInZone(peer, keys)
  if (keys.length === 0) return []
  const answers = await askAll(peer, keys.flatMap((key) => questionsFor(key, peer.zone)), signal)
  return Promise.all(keys.map((key) => readOne(peer, answers, key, signal)))
}

/** @throws ProviderError with obstacle `not-in-zone`. */
export const requireInZone = (peer: Peer, keys: readonly RRsetKey[]): void => {
  const outside = keys.find((key) => !isWithin(key.name, peer.zone))
  if (outside !== undefined) throw rejected(peer, 'not-in-zone', outside.name, `it does not lie in the zone ${peer.zone}`)
}
