import type { Log, LogFacts, LogLevel } from '../compose/log.ts'
import type { Entry } from '../core/decision.ts'
import { type Change, keyText } from '../core/rrset.ts'
import type { Verification } from '../core/verification.ts'
import type { EngineEvent } from '../engine/events.ts'

export interface LogLine {
  readonly level: LogLevel
  readonly message: string
  /** What it is about, for programs. */
  readonly facts: LogFacts
}

type Of<Kind extends EngineEvent['kind']> = Extract<EngineEvent, { kind: Kind }>
type Line = Omit<LogLine, 'facts'> & { readonly facts?: LogFacts }

const line = (level: LogLevel, message: string, facts: LogFacts = {}): Line => ({ level, message, facts })

const place = (region: string | undefined, address: string): string => `${region ?? 'foreign'} ${address}`

const checkedLine = ({ result, address, region }: Of<'checked'>): Line => {
  const what = result.kind === 'ok' ? 'ok' : `${result.kind === 'failed' ? '' : 'cannot tell: '}${result.cause} (${result.detail})`
  const cause = result.kind === 'ok' ? undefined : result.cause
  const ms = Math.round(result.timing.totalMs)
  return line('debug', `${place(region, address)}: ${what}, ${ms} ms`, { region, address, result: result.kind, cause, ms })
}

const healthLine = ({ region, address, from, to, text }: Of<'health'>): Line =>
  line(to === 'down' ? 'warn' : 'info', `${place(region, address)}: ${from} -> ${to}, ${text}`, { region, address, from, to, cause: text })

/** Rules by which an address is not where its health would have it. */
const isRemarkable = ({ action, rule }: Entry): boolean => action === 'withhold' || !['up', 'foreign'].includes(rule)

const decidedLine = ({ key, entry, from }: Of<'decided'>): Line => {
  const { address, region, action, rule, text } = entry
  const was = from === undefined ? '' : `, before by rule ${from.rule}`
  return line(isRemarkable(entry) ? 'warn' : 'info', `${keyText(key)}: ${action} ${place(region, address)} by rule ${rule}${was}: ${text}`, {
    name: key.name,
    type: key.type,
    region,
    address,
    action,
    rule,
    from: from?.rule,
    cause: text,
  })
}

const changeText = ({ key, before, after, reasons }: Change): string => {
  const why = reasons.filter(({ action }) => action !== 'keep').map(({ action, address, rule, text }) => `${action}${address === undefined ? '' : ` ${address}`} by rule ${rule}: ${text}`)
  const sets = `${before.values.join(', ') || 'nothing'} -> ${after.values.join(', ') || 'nothing'}`
  return `${keyText(key)}: ${sets}${why.length === 0 ? '' : ` (${why.join('; ')})`}`
}

const writtenLine = ({ changes }: Of<'written'>): Line =>
  line('info', `written: ${changes.map(changeText).join('; ')}`, {
    names: changes.map(({ key }) => keyText(key)),
    added: changes.flatMap(({ before, after }) => after.values.filter((value) => !before.values.includes(value))),
    removed: changes.flatMap(({ before, after }) => before.values.filter((value) => !after.values.includes(value))),
    rules: [...new Set(changes.flatMap(({ reasons }) => reasons.filter(({ action }) => action !== 'keep').map(({ rule }) => rule)))],
  })

const verifiedLine = ({ key, source, outcome, servers, timeToEffectMs }: Verification): Line => {
  const facts = { name: key.name, type: key.type, source, outcome, timeToEffectMs }
  if (source === 'provider') return line(outcome === 'agreed' ? 'info' : 'error', `${keyText(key)}: at the provider, for the name is proxied: ${outcome}`, facts)
  if (outcome === 'agreed') return line('info', `${keyText(key)}: the name servers agree${timeToEffectMs === undefined ? '' : `, after ${Math.round(timeToEffectMs)} ms`}`, facts)
  const others = servers.filter(({ standing }) => standing !== 'agrees').map(({ server, standing }) => `${server.name} ${standing}`)
  return line('error', `${keyText(key)}: name servers ${outcome}${others.length === 0 ? '' : `: ${others.join(', ')}`}`, facts)
}

const lineOf = (event: EngineEvent): Line => {
  switch (event.kind) {
    case 'checked':
      return checkedLine(event)
    case 'health':
      return healthLine(event)
    case 'mode':
      return line(event.to === 'normal' ? 'info' : 'warn', `${keyText(event.key)}: ${event.from ?? 'start'} -> ${event.to}`, {
        name: event.key.name,
        type: event.key.type,
        from: event.from,
        to: event.to,
      })
    case 'decided':
      return decidedLine(event)
    case 'unresolved':
      return line('warn', `region ${event.region} cannot be resolved: ${event.detail}`, { region: event.region, cause: event.detail })
    case 'resolved':
      return line('info', `region ${event.region} can be resolved again`, { region: event.region })
    case 'refused':
      return line('error', `${keyText(event.key)}: the guard refused a change (${event.code}): ${event.text}`, { name: event.key.name, type: event.key.type, code: event.code })
    case 'written':
      return writtenLine(event)
    case 'restored':
      return line('error', `${keyText(event.key)}: ${event.text}`, { name: event.key.name, type: event.key.type })
    case 'provider-failed':
      return line('error', event.text)
    case 'provider-recovered':
      return line('info', 'the provider can be read and written again')
    case 'write-unknown':
      return line('error', `the outcome of a write is unknown: ${event.text}; what is there is read before anything else is decided, at the latest at the next start`)
    case 'verified':
      return verifiedLine(event.verification)
    case 'state-not-saved':
      return line('error', `the state could not be saved, and goes on in memory: ${event.text}`)
    case 'state-saved':
      return line('info', 'the state is saved again')
    case 'paused':
      return line('warn', `${event.text}; nothing is written meanwhile`)
    case 'resumed':
      return line('info', 'no longer paused')
    case 'site-failed':
      return line('error', `a fault of this program ended the watch of this site, which begins anew in ${Math.round(event.againMs / 1000)} s: ${event.text}`)
  }
}

/** An event as one line of the log. */
export const eventLine = (event: EngineEvent): LogLine => {
  const { level, message, facts = {} } = lineOf(event)
  return { level, message: `${event.site}: ${message}`, facts: { site: event.site, event: event.kind, ...facts } }
}

/** Writes events to a log. */
export const logEvents =
  (log: Log) =>
  (event: EngineEvent): void => {
    const { level, message, facts } = eventLine(event)
    log(level, message, facts)
  }
