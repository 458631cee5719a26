import { createRequire } from 'node:module'
import { Writable } from 'node:stream'
import type * as Winston from 'winston'
import type { Log, LogLevel } from '../compose/log.ts'

export interface LogOptions {
  /** This level and what is graver. */
  readonly level: LogLevel
  /** Lines for people (the default), or a JSON object a line. */
  readonly format?: 'text' | 'json'
  readonly write: (text: string) => void
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string
}

const require = createRequire(import.meta.url)

/** The graver, the lower. */
const ranks: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 }

const isControl = /\p{Cc}/gu

/** Facts that are of this program's own words, numbers, or what the config names openly: programs find a line by them, so they stay as they are. */
const openFacts = new Set(['event', 'site', 'region', 'address', 'name', 'names', 'type', 'rule', 'rules', 'action', 'from', 'to', 'added', 'removed', 'code', 'outcome', 'source', 'result'])

const redactedFacts = (facts: Readonly<Record<string, unknown>>, redact: (text: string) => string): Readonly<Record<string, unknown>> => {
  const shown = (value: unknown): unknown => {
    if (typeof value === 'string') return redact(value)
    return Array.isArray(value) ? value.map(shown) : value
  }
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, openFacts.has(key) ? value : shown(value)]))
}

/** winston is a tenth of what a look that has nothing to say would take to start. A line cannot wait for it: hence `require`. */
const createLogger = ({ level, format: shape = 'text', write, redact }: LogOptions): Winston.Logger => {
  const { createLogger: create, format, transports } = require('winston') as typeof Winston
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      write(chunk)
      done()
    },
  })
  const text = format.printf((entry) => `${String(entry['timestamp'])} ${entry.level.padEnd(5)} ${redact(String(entry.message)).replaceAll(isControl, ' ')}`)
  const json = format.printf(({ timestamp, level: at, message, ...facts }) => JSON.stringify({ time: timestamp, level: at, message: redact(String(message)), ...redactedFacts(facts, redact) }))
  return create({ level, format: format.combine(format.timestamp(), shape === 'json' ? json : text), transports: [new transports.Stream({ stream })] })
}

/** Time, level, message; as JSON with what the line is about besides. */
export const createLog = (options: LogOptions): Log => {
  let logger: Winston.Logger | undefined
  return (at, message, facts = {}) => {
    if (ranks[at] > ranks[options.level]) return
    logger ??= createLogger(options)
    logger.log({ ...facts, level: at, message })
  }
}
