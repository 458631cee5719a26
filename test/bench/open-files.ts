import { readFileSync } from 'node:fs'

/** Beside one for each connection. */
const spare = 500

/** How many files a process may open that this one starts. */
export const openFilesAllowed = (limits = readFileSync('/proc/self/limits', 'utf8')): number => {
  const soft = /^Max open files\s+(?<soft>\S+)/m.exec(limits)?.groups?.['soft']
  return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft)
}

/** Why so many targets cannot be checked, each of which may have a check and an idle connection at the same time; undefined: they can. */
export const tooFewFiles = (targets: number, allowed: number): string | undefined => {
  const needed = 2 * targets + spare
  return needed <= allowed ? undefined : `${targets} targets were left out: a process may open ${allowed} files here, and this takes ${needed}. Run it as root, which may raise that, or raise it before: ulimit -n ${needed}`
}
