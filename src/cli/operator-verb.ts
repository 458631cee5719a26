import { renderProblems } from '../config/render-problems.ts'
import type { Io } from './io.ts'
import { type Link, type Opened, openLink } from './link/open-link.ts'
import type { LinkOptions } from './link/choose-target.ts'
import { type Ending, printEnding, problemsOf } from './print-ending.ts'
import { busyText } from '../store/lock-text.ts'
import { errorReport } from './render/error-report.ts'
import type { Style } from './render/style.ts'

export interface OperatorVerbOptions extends LinkOptions {
  readonly isJson: boolean
}

/** Whom a verb asks, once that is known. */
export type Reached = Exclude<Link, { readonly kind: 'failed' }>

export interface OperatorVerb<T extends object> {
  /** Its data where it could not begin. */
  readonly nothing: T
  readonly act: (link: Reached, redact: (text: string) => string) => Promise<Ending<T>>
  readonly render: (data: T, style: Style) => string
}

const interrupted = { code: 'interrupted', message: 'ended before it was done', outcome: null, obstacle: null, retryAfterMs: null }

/**
 * Finds whom to ask, runs a verb, prints what came of it and returns the exit code. Exit codes besides the verb's own: 1
 * a bad config, a service that cannot be asked, or an error; 64 nobody to ask was named.
 */
export const runOperatorVerb = async <T extends object>(options: OperatorVerbOptions, io: Io, env: NodeJS.ProcessEnv, signal: AbortSignal, verb: OperatorVerb<T>): Promise<number> => {
  let opened: Opened | undefined
  const finish = (ending: Ending<T>): number =>
    printEnding(ending, { io, isJson: options.isJson, redact: opened?.redact ?? ((text) => text), problems: problemsOf(opened?.loaded), render: verb.render })
  try {
    opened = await openLink(options, env, signal)
    const { link, loaded, redact } = opened
    if (loaded !== undefined) io.stderr(renderProblems(loaded, { color: io.color }))
    if (link.kind === 'failed') return finish({ exitCode: link.refused?.exitCode ?? 1, data: verb.nothing, error: link.refused?.error })
    if (link.kind === 'none' && link.holder !== undefined) io.stderr(`warning: ${busyText(link.holder, link.loaded.config.stateDir, 'it cannot be asked, for there is no socket of it there')}\n`)
    return finish(await verb.act(link, redact))
  } catch (error) {
    return finish({ exitCode: 1, data: verb.nothing, error: signal.aborted ? interrupted : errorReport(error, opened?.redact ?? ((text) => text)) })
  } finally {
    if (opened?.link.kind === 'service') await opened.link.client.close()
  }
}
