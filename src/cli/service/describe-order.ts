import type { Actor, Outcome } from '../../engine/operations.ts'

/** What became of an order that somebody gave. */
export interface ToldOrder {
  readonly site: string
  readonly region: string | undefined
  readonly actor: Actor
  /** drain, undrain, force up, repoint, ... */
  readonly action: string
  readonly outcome: Outcome<unknown>
  readonly request: unknown
}

/** An order as one line. */
export const describeOrder = ({ region, actor, action, outcome }: ToldOrder): string => {
  const what = `${action}${region === undefined ? '' : ` ${region}`}, ordered by ${actor.name} (${actor.via})`
  return outcome.kind === 'done' ? `${what}: done` : `${what}: refused (${outcome.code}): ${outcome.text}`
}
