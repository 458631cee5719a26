import { ancestors, type Fqdn, isWithin } from '../../core/fqdn.ts'
import { markName } from '../../core/mark.ts'
import type { RRsetKey } from '../../core/rrset.ts'
import type { Question } from './message.ts'
import { opcode, recordClass, recordType } from './numbers.ts'
import { typeNumber } from './record-data.ts'
import type { Request } from './ask.ts'
import type { WireName } from './wire-name.ts'

export const question = (name: WireName, type: number): Question => ({ name, type, class: recordClass.IN })

/** A plain query; recursion is not asked for, as only the server's own zone counts. */
export const query = (asked: Question): Request => ({ opcode: opcode.QUERY, questions: [asked], answers: [], authorities: [] })

export const questionText = (asked: Question): string => `${asked.name}/${asked.type}`

/** `name` and its parents below the zone's apex: where a zone cut would take the name out of the zone. */
export const possibleCuts = (name: Fqdn, zone: Fqdn): readonly Fqdn[] => ancestors(name).filter((each) => each !== zone && isWithin(each, zone))

/** The wildcards that could answer in place of `name` (RFC 4592): one below each of its parents in the zone. */
export const possibleWildcards = (name: Fqdn, zone: Fqdn): readonly WireName[] =>
  ancestors(name).filter((each) => each !== name && isWithin(each, zone)).map((each) => `*.${each}`)

/**
 * Everything to ask about one RRset: the set, its mark, the zone cuts that a server which also holds the child zone
 * would not show (its answers come from the child, with authority), and the wildcards whose answers look like the
 * name's own. They go out together, so that all of it costs one round trip.
 */
export const questionsFor = (key: RRsetKey, zone: Fqdn): readonly Question[] => {
  const mark = markName(key)
  const type = typeNumber(key.type)
  return [
    question(key.name, type),
    ...possibleCuts(key.name, zone).map((name) => question(name, recordType.NS)),
    ...possibleWildcards(key.name, zone).map((name) => question(name, type)),
    ...(mark === undefined ? [] : [
      question(mark, recordType.TXT),
      ...possibleWildcards(mark, zone).map((name) => question(name, recordType.TXT)),
    ]),
  ]
}
