import type { PlannedChangeView } from '../../engine/views.ts'

/*
 * What an event carries besides its sentence. It comes out of a file that another version may have written: nothing is taken
 * for granted.
 */

type Facts = Readonly<Record<string, unknown>>

const isFacts = (value: unknown): value is Facts => typeof value === 'object' && value !== null && !Array.isArray(value)
const factsIn = (value: unknown): Facts => (isFacts(value) ? value : {})
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const textsIn = (value: unknown): readonly string[] => listIn(value).filter((each) => typeof each === 'string')

export type ChangeDetail = Pick<PlannedChangeView, 'name' | 'type' | 'before' | 'after' | 'reasons'>

export interface ServerDetail {
  readonly name: string
  readonly address: string
  readonly standing: string
  readonly agreedAt: string | null
  readonly values: readonly string[]
  readonly detail: string | null
}

export interface DecisionDetail {
  readonly key: string
  readonly address: string
  readonly action: string
  readonly rule: string
  readonly text: string
  readonly before: string | null
}

const contentIn = (value: unknown): ChangeDetail['before'] => {
  const { values, ttl } = factsIn(value)
  return { values: textsIn(values), ttl: typeof ttl === 'number' ? ttl : 0 }
}

const keyIn = (value: unknown): { readonly name: string; readonly type: 'A' | 'AAAA' } => {
  const { name, type } = factsIn(value)
  return { name: textIn(name) ?? '', type: type === 'AAAA' ? 'AAAA' : 'A' }
}

/** Of a write: what each RRset was and became. */
export const changesIn = (data: unknown): readonly ChangeDetail[] =>
  listIn(factsIn(data)['changes']).map((each) => {
    const { key, before, after, reasons } = factsIn(each)
    return {
      ...keyIn(key),
      before: contentIn(before),
      after: contentIn(after),
      reasons: listIn(reasons).map((reason) => {
        const { address, action, rule, text } = factsIn(reason)
        return { address: textIn(address), action: textIn(action) ?? '', rule: textIn(rule) ?? '', text: textIn(text) ?? '' }
      }),
    }
  })

/** Of a verification: what each name server said, and when it agreed. */
export const serversIn = (data: unknown): readonly ServerDetail[] =>
  listIn(factsIn(data)['servers']).map((each) => {
    const { name, address, standing, agreedAt, values, detail } = factsIn(each)
    return { name: textIn(name) ?? '', address: textIn(address) ?? '', standing: textIn(standing) ?? '', agreedAt: textIn(agreedAt), values: textsIn(values), detail: textIn(detail) }
  })

/** Of a decision: what, by which rule, and what stood before. */
export const decisionIn = (data: unknown): DecisionDetail | undefined => {
  const { key, entry, from } = factsIn(data)
  if (!isFacts(entry)) return undefined
  const { name, type } = keyIn(key)
  const { action, rule } = factsIn(from)
  const before = textIn(action) === null ? null : `${textIn(action) ?? ''} by the rule “${textIn(rule) ?? ''}”`
  return { key: `${name} ${type}`, address: textIn(entry['address']) ?? '', action: textIn(entry['action']) ?? '', rule: textIn(entry['rule']) ?? '', text: textIn(entry['text']) ?? '', before }
}

/** Of anything else: its plain facts, by name. */
export const plainFacts = (data: unknown): readonly { readonly name: string; readonly value: string }[] =>
  Object.entries(factsIn(data)).flatMap(([name, value]) => (typeof value === 'string' || typeof value === 'number' ? [{ name, value: String(value) }] : []))
