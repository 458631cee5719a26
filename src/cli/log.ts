import { Writable } from 'node:stream'
import { createLogger, format, transports } from 'winston'
import type { Log, LogLevel } from '../compose/log.ts'

export interface LogOptions {
  /** This level and what is graver. */
  readonly level: LogLevel
  readonly write: (text: string) => void
  /** Takes secrets out of a line. */
  readonly redact: (text: string) => string
}

/** Lines for people: time, level, message. */
export const createLog = ({ level, write, redact }: LogOptions): Log => {
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      write(chunk)
      done()
    },
  })
  const line = format.printf((entry) => `${String(entry['timestamp'])} ${entry.level.padEnd(5)} ${redact(String(entry.message)).replaceAll(/\p{Cc}/gu, ' ')}`)
  const logger = createLogger({ level, format: format.combine(format.timestamp(), line), transports: [new transports.Stream({ stream })] })
  return (at, message) => void logger.log(at, message)
}
