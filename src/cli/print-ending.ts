import type { LoadedConfig } from '../config/load-config.ts'
import type { Problem } from '../config/problem.ts'
import type { Io } from './io.ts'
import { errorText } from './render/error-text.ts'
import type { ErrorReport } from './render/json.ts'
import { type Style, styleOf } from './render/style.ts'

/** What came of a verb. */
export interface Ending<T> {
  readonly exitCode: number
  readonly data: T
  /** What kept it from its work. */
  readonly error?: ErrorReport | undefined
}

/** What a verb prints with `--json`, whatever the exit code: this and its own data. Never holds a secret. */
export interface VerbReport {
  readonly version: 1
  readonly exitCode: number
  readonly error?: ErrorReport
  /** What is wrong with the config. */
  readonly problems?: readonly Problem[]
}

/** Keys of a report whose texts may hold what came from elsewhere, and so a secret. */
const freeTexts = new Set(['text', 'detail', 'message', 'reason', 'reasons', 'advice', 'trouble', 'cause'])

export const withoutSecrets = <T>(data: T, redact: (text: string) => string): T => {
  const clean = (value: unknown): unknown =>
    typeof value === 'string' ? redact(value) : Array.isArray(value) ? value.map((each: unknown) => (typeof each === 'string' ? redact(each) : each)) : value
  return JSON.parse(JSON.stringify(data, (key, value: unknown) => (freeTexts.has(key) ? clean(value) : value))) as T
}

/** What is wrong with a config that was not taken; undefined if it was. */
export const problemsOf = (loaded: LoadedConfig | undefined): readonly Problem[] | undefined => (loaded === undefined || loaded.ok ? undefined : [...loaded.problems, ...loaded.warnings])

export const errorLines = (error: ErrorReport): string =>
  `${errorText(error).map((line, at) => `${at === 0 ? 'error: ' : '       '}${line}`).join('\n')}\n`

export interface PrintOptions<T> {
  readonly io: Io
  readonly isJson: boolean
  /** Takes secrets out of what came from elsewhere. */
  readonly redact: (text: string) => string
  readonly problems: readonly Problem[] | undefined
  readonly render: (data: T, style: Style) => string
}

/** Prints what came of a verb, once, and returns the exit code. */
export const printEnding = <T extends object>({ exitCode, data, error }: Ending<T>, { io, isJson, redact, problems, render }: PrintOptions<T>): number => {
  const shown = withoutSecrets(data, redact)
  const told = error === undefined ? undefined : withoutSecrets(error, redact)
  const report: VerbReport & T = { version: 1, exitCode, ...shown, ...(told === undefined ? {} : { error: told }), ...(problems === undefined ? {} : { problems }) }
  if (isJson) io.stdout(`${JSON.stringify(report, undefined, 2)}\n`)
  else io.stdout(render(shown, styleOf(io.color)))
  if (told !== undefined) io.stderr(errorLines(told))
  return exitCode
}
