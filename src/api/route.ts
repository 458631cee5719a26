import type { ServerResponse } from 'node:http'
import type { z } from 'zod'
import type { Actor } from '../engine/operations.ts'
import type { Identity, Need } from './access.ts'
import type { ApiParts } from './api-parts.ts'
import type { EventStreams } from './event-streams.ts'
import type { ProblemFacts } from './problem.ts'
import type { RulesInForce } from './rules-in-force.ts'
import type { AnswerName } from './schemas/answer-schemas.ts'
import type { StatusBoard } from './status-board.ts'

/** A request that may be answered: who asks is known, and may. */
export interface Exchange {
  /** Of the path; empty if the route has none of that name. */
  readonly param: (name: string) => string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly isHead: boolean
  readonly body: Uint8Array
  readonly identity: Identity
  readonly actor: Actor
  /** The caller came by https, as a trusted proxy says. */
  readonly isSecure: boolean
  /** As the rules are now. */
  readonly rules: RulesInForce
  /** As the rate limit knows it. */
  readonly client: string
  readonly parts: ApiParts
  readonly streams: EventStreams
  readonly statuses: StatusBoard
  /** Whether the caller might still read, by the rules as they are then. */
  readonly mayStillRead: () => boolean
  /** Aborts when the API closes. */
  readonly signal: AbortSignal
}

export type Answer =
  | { readonly kind: 'json'; readonly status: number; readonly value: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** An object with one list, which may be long. */
  | { readonly kind: 'json-list'; readonly name: string; readonly items: readonly unknown[] }
  | { readonly kind: 'text'; readonly contentType: string; readonly text: string }
  | { readonly kind: 'problem'; readonly problem: ProblemFacts; /** A guess, maybe: it costs more than a request. */ readonly isFailure?: boolean }
  | { readonly kind: 'file'; readonly status: 200 | 304 | 404; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }
  /** Whoever is given the response writes it, and ends it. */
  | { readonly kind: 'stream'; readonly open: (outgoing: ServerResponse, headers: Readonly<Record<string, string>>) => void }

export type Method = 'GET' | 'POST' | 'DELETE'

export interface Route {
  readonly method: Method
  /** `/api/v1/sites/{site}` */
  readonly path: string
  readonly need: Need
  readonly summary: string
  readonly query: z.ZodType | undefined
  readonly body: z.ZodType | undefined
  /** What a body may be: JSON of our own, or whatever the route judges itself. */
  readonly takes: 'json' | 'anything'
  /** Bytes. */
  readonly bodyLimit: number
  /** Not counted against a client's rate: what keeps a supervisor from ending the process. */
  readonly isUnlimited: boolean
  /** By status. */
  readonly answers: Readonly<Record<number, AnswerName>>
  /** Other kinds of content that it may answer with. */
  readonly otherContent: readonly string[]
  run(exchange: Exchange): Promise<Answer> | Answer
}

export const json = (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer => ({ kind: 'json', status, value, headers })

export const problem = (facts: ProblemFacts, isFailure = false): Answer => ({ kind: 'problem', problem: facts, isFailure })
