/** One line for people, and in parts for programs. What is given to it names no secret. */
export type Log = (level: 'error' | 'warn' | 'info' | 'debug', message: string, facts?: Readonly<Record<string, string | number | undefined>>) => void
