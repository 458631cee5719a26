export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

/** What a line is about, by name, for programs: site, region, address, cause, rule. */
export type LogFacts = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** One line for people, and the same in parts for programs; without secrets. */
export type Log = (level: LogLevel, message: string, facts?: LogFacts) => void
