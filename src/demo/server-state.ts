/** What a region's web server does: answers as it should, or is broken in one of four ways. */
export type ServerState =
  | 'serving'
  | 'killed' // SIGKILL: connections are refused
  | 'frozen' // SIGSTOP: connections are accepted, and nothing answers
  | 'answers-500'
  | 'wrong-page' // status 200, with another page

/** The states that a running server is told to be in; in the others it cannot be told anything. */
export type Page = Extract<ServerState, 'serving' | 'answers-500' | 'wrong-page'>

/** What the demo tells a region's server. */
export interface ToServer {
  readonly page: Page
}

/** What a region's server says. */
export type FromServer =
  | { readonly kind: 'listening' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  /** From now on this is what it answers with. */
  | { readonly kind: 'page'; readonly page: Page }

/** The state in a word or two. */
export const stateText: Readonly<Record<ServerState, string>> = {
  serving: 'serving',
  killed: 'killed',
  frozen: 'frozen',
  'answers-500': 'answers 500',
  'wrong-page': 'wrong page',
}
