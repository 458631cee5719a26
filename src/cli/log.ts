import { Writable } from 'node:stream'
import { createLogger, format, transports } from 'winston'
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

/** Time, level, message; as JSON with what the line is about besides. */
export const createLog = ({ level, format: shape = 'text', write, redact }: LogOptions): Log => {
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      write(chunk)
      done()
    },
  })
  const text = format.printf((entry) => `${String(entry['timestamp'])} ${entry.level.padEnd(5)} ${redact(String(entry.message)).replaceAll(isControl, ' ')}`)
  const json = format.printf(({ timestamp, level: at, message, ...facts }) => JSON.stringify({ time: timestamp, level: at, message: redact(String(message)), ...redactedFacts(facts, redact) }))
  const logger = createLogger({ level, format: format.combine(format.timestamp(), shape === 'json' ? json : text), transports: [new transports.Stream({ stream })] })
  return (at, message, facts = {}) => void logger.log({ ...facts, level: at, message })
}
