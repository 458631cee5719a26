export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

/** One line for people; without secrets. */
export type Log = (level: LogLevel, message: string) => void
