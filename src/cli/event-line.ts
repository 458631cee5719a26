import { keyText } from '../core/rrset.ts'
import type { EngineEvent } from '../engine/events.ts'
import type { LogLevel } from '../compose/log.ts'

export interface LogLine {
  readonly level: LogLevel
  readonly message: string
}

const checkedText = ({ result, address, region }: Extract<EngineEvent, { kind: 'checked' }>): string => {
  const what = result.kind === 'ok' ? 'ok' : `${result.kind === 'failed' ? '' : 'cannot tell: '}${result.cause} (${result.detail})`
  return `${region ?? 'foreign'} ${address}: ${what}, ${Math.round(result.timing.totalMs)} ms`
}

const lineOf = (event: EngineEvent): LogLine => {
  switch (event.kind) {
    case 'checked':
      return { level: 'debug', message: checkedText(event) }
    case 'health':
      return { level: 'info', message: `${event.region ?? 'foreign'} ${event.address}: ${event.from} -> ${event.to}, ${event.text}` }
    case 'mode':
      return { level: event.to === 'normal' ? 'info' : 'warn', message: `${keyText(event.key)}: ${event.from ?? 'start'} -> ${event.to}` }
    case 'unresolved':
      return { level: 'warn', message: `region ${event.region} cannot be resolved: ${event.detail}` }
    case 'refused':
      return { level: 'error', message: `${keyText(event.key)}: the guard refused a change (${event.code}): ${event.text}` }
    case 'written':
      return { level: 'info', message: event.changes.map((change) => `${keyText(change.key)}: ${change.before.values.join(', ') || 'nothing'} -> ${change.after.values.join(', ') || 'nothing'}`).join('; ') }
    case 'restored':
      return { level: 'error', message: `${keyText(event.key)}: ${event.text}` }
    case 'provider-failed':
      return { level: 'error', message: event.text }
    case 'verified':
      return { level: event.verification.outcome === 'agreed' ? 'info' : 'error', message: `${keyText(event.verification.key)}: name servers ${event.verification.outcome}` }
    case 'state-not-saved':
      return { level: 'error', message: `the state could not be saved, and goes on in memory: ${event.text}` }
  }
}

/** An event as one line of the log. */
export const eventLine = (event: EngineEvent): LogLine => {
  const { level, message } = lineOf(event)
  return { level, message: `${event.site}: ${message}` }
}
