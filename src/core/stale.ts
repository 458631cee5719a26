/** A region that passes its checks, but serves older content than others do. Times: engine milliseconds. */
export interface Stale {
  /** In a row that found it so. */
  readonly looks: number
  readonly since: number
  /** How far behind, and whom, for people. */
  readonly detail: string
  /** A region that has what it lacks. */
  readonly ahead: string
  /** Whose content it lacks; undefined: it differs in what all are to serve alike. */
  readonly writer: string | undefined
  /** By the writer's heartbeats; undefined: it has none. */
  readonly lagMs: number | undefined
}
