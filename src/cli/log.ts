import { Writable } from 'node:stream'
import { createLogger, format, transports } from 'winston'
import type { Log, LogLevel } from '../compose/log.ts'

export interface LogOptions {
  /** This level and what is graver. */
  readonly level: LogLevel
  /** Lines for people (the default), or a JSON object a line. */
  readonly format?: 'text' | 'json'
  readonly write: (text: string) => void
  /** Takes secrets out of a line. */
  readonly redact: (text: string) => string
}

const isControl = /\p{Cc}/gu

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
  const json = format.printf(({ timestamp, level: at, message, ...facts }) => redact(JSON.stringify({ time: timestamp, level: at, message, ...facts })))
  const logger = createLogger({ level, format: format.combine(format.timestamp(), shape === 'json' ? json : text), transports: [new transports.Stream({ stream })] })
  return (at, message, facts = {}) => void logger.log({ ...facts, level: at, message })
}
