import { readFileSync } from 'node:fs'

/** How many files and sockets this process may have open at once, where the system says so (Linux; proc(5)). */
export const descriptorLimit = (): number | undefined => {
  try {
    const soft = /^Max open files\s+(?<soft>\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.groups?.['soft']
    return soft === undefined ? undefined : Number(soft)
  } catch {
    return undefined
  }
}
