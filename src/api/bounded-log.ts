import type { ApiParts } from './api-parts.ts'

const windowMs = 10_000
const mostLines = 20

/** A log that strangers cannot fill: of warnings so many in a while, and how many there were besides. */
export const boundedLog = ({ log, now }: Pick<ApiParts, 'log' | 'now'>): ApiParts['log'] => {
  let since = now()
  let lines = 0
  let left = 0
  return (level, message, facts) => {
    if (level !== 'warn') return log(level, message, facts)
    const at = now()
    if (at - since >= windowMs) {
      if (left > 0) log('warn', `${left} more warnings about requests came in the ${windowMs / 1000} s after the last one that was logged`)
      since = at
      lines = 0
      left = 0
    }
    if (lines >= mostLines) left += 1
    else {
      lines += 1
      log(level, message, facts)
    }
  }
}
