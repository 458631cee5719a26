import { type Answer, problem } from './route.ts'

type Moment = (wallNow: number) => number

export type Period = { readonly ok: true; readonly sinceMs: number; readonly untilMs: number } | { readonly ok: false; readonly answer: Answer }

const invalid = (text: string): Period => ({ ok: false, answer: problem({ status: 422, code: 'invalid-request', detail: `since ${text}`, errors: [{ field: 'since', text }] }) })

/** From when to when is asked; `usualMs`: how long without `since`, `longestMs`: at most, if there is an end to it. */
export const periodOf = ({ since, until }: { readonly since?: Moment | undefined; readonly until?: Moment | undefined }, wallNow: number, usualMs: number, longestMs = Number.POSITIVE_INFINITY): Period => {
  const untilMs = until?.(wallNow) ?? wallNow
  const sinceMs = since?.(wallNow) ?? untilMs - usualMs
  if (sinceMs >= untilMs) return invalid('must be before until')
  return untilMs - sinceMs > longestMs ? invalid(`must be at most ${Math.round(longestMs / 86_400_000)} days before until`) : { ok: true, sinceMs, untilMs }
}
