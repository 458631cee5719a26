/** A writer's sign of life, as one region's web server hands it out. Written by the writer alone, so all of it is by one clock. */
export interface Heartbeat {
  /** The region that wrote it. */
  readonly region: string
  /** Grows by one with each, over restarts of its machine too. */
  readonly counter: number
  /** Which start of the writer's machine. */
  readonly boot: string
  /** By the writer's clock, milliseconds since the epoch: for people. */
  readonly writtenAt: number
  /** Changes when the content of the document root does. */
  readonly content: string
}

/** What was found when a region was asked for its copy of a writer's heartbeat. Times: engine milliseconds. */
export type Copy = { readonly askedAt: number } & (
  | { readonly kind: 'found'; readonly heartbeat: Heartbeat }
  /** The region's web server answers that there is none. */
  | { readonly kind: 'missing'; readonly detail: string }
  /** It could not be asked, which is for its health check to judge; or it answered something else, which says nothing of what it has. */
  | { readonly kind: 'failed'; readonly detail: string; readonly hasAnswered?: true }
)

/** Those of a region's copies that are there, by writer. */
export const heartbeatsOf = (copies: Readonly<Record<string, Copy>>): Readonly<Record<string, Heartbeat>> =>
  Object.fromEntries(Object.entries(copies).flatMap(([writer, copy]) => (copy.kind === 'found' ? [[writer, copy.heartbeat]] : [])))
