import type { Log, LogFacts, LogLevel } from '../compose/log.ts'
import type { Entry } from '../core/decision.ts'
import { type Change, keyText } from '../core/rrset.ts'
import { strayAdvice, strayText } from '../core/stray-orders.ts'
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

const isoOf = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString())
const untilText = (until: number | undefined): string => (until === undefined ? '' : ` until ${isoOf(until)}`)

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
    case 'drained':
      return line('warn', `region ${event.region} is drained${untilText(event.until)} by ${event.by}${event.origin === 'window' ? ' (planned)' : ''}: ${event.reason}`, { region: event.region, origin: event.origin, until: isoOf(event.until), reason: event.reason, by: event.by })
    case 'drain-safe':
      return line('info', `region ${event.region}: ${event.text}`, { region: event.region })
    case 'drain-ending':
      return line('warn', `the drain of region ${event.region} ends at ${isoOf(event.until)}`, { region: event.region, until: isoOf(event.until) })
    case 'undrained':
      return line('info', `region ${event.region} is no longer drained; it comes back once it passes its checks`, { region: event.region })
    case 'forced':
      return line('warn', `region ${event.region} is forced ${event.to}${untilText(event.until)} by ${event.by}: ${event.reason}`, { region: event.region, to: event.to, until: isoOf(event.until), reason: event.reason, by: event.by })
    case 'unforced':
      return line('info', `region ${event.region} is no longer forced`, { region: event.region })
    case 'order-astray':
      return line('warn', `${strayText(event)}${event.until === undefined ? '' : `; it ends at ${isoOf(event.until)}`}. What to do: ${strayAdvice(event)}`, { region: event.region, order: event.order, until: isoOf(event.until), reason: event.reason, by: event.by })
    case 'order-followed':
      return line('warn', `region ${event.from} is called ${event.region} now, for it leads to the same place: what was ordered for it goes on`, { region: event.region, before: event.from })
    case 'heard':
      return line(event.effect === 'news' ? 'info' : 'debug', `${event.source} says of region ${event.region} that it is ${event.opinion} (${event.monitor}${event.detail === '' ? '' : `: ${event.detail}`}): ${event.effect}`, { region: event.region, source: event.source, monitor: event.monitor, opinion: event.opinion, effect: event.effect })
    case 'word-expired':
      return line('info', `what ${event.source} said of region ${event.region} (${event.monitor}) is no longer believed: nothing new came in time, or the region leads to another server now`, { region: event.region, source: event.source, monitor: event.monitor })
    case 'repointed':
      return line('warn', `${event.service} of region ${event.region} was pointed at ${event.to.join(', ')} by ${event.by}, before ${event.from.join(', ') || 'nothing'}`, { region: event.region, service: event.service, to: event.to, by: event.by, before: event.from })
    case 'promoted':
      return line('error', `PROMOTED: ${event.text}`, { region: event.region, service: event.service, to: event.to, before: event.from })
    case 'promotion-failed':
      return line('error', `region ${event.region} could not be given its replacement: ${event.text}`, { region: event.region, cause: event.text })
    case 'certificate-expiring':
      return line('warn', `${place(event.region, event.address)}: its certificate has ${event.days} days left`, { region: event.region, address: event.address, days: event.days })
    case 'stale':
      return line('warn', `region ${event.region} serves old content: it ${event.text}`, { region: event.region, writer: event.writer, lagMs: event.lagMs, ahead: event.ahead })
    case 'fresh':
      return line('info', `region ${event.region} no longer serves old content: ${event.text}`, { region: event.region })
    case 'caught-up':
      return line('info', `region ${event.region}: ${event.text}`, { region: event.region })
    case 'replication-suspected':
      return line('warn', `the replication may be at fault; nobody is withdrawn for it: ${event.text}`, { cause: event.text })
    case 'replication-mended':
      return line('info', 'nothing is wrong with the replication any more')
    case 'content-differs':
      return line('warn', `the regions serve different bytes at ${event.path}: ${event.text}`, { path: event.path, cause: event.text })
    case 'content-agrees':
      return line('info', `the regions serve the same at ${event.path} again`, { path: event.path })
    case 'cycled':
      return line('debug', `a cycle has ended: ${event.outcome}, ${Math.round(event.ms)} ms`, { outcome: event.outcome, ms: Math.round(event.ms) })
    case 'site-failed':
      return line('error', `a fault of this program ended the watch of this site, which begins anew in ${Math.round(event.againMs / 1000)} s: ${event.text}`)
  }
}

/** An event as one line of the log. */
export const eventLine = (event: EngineEvent): LogLine => {
  const { level, message, facts = {} } = lineOf(event)
  return { level, message: `${event.site}: ${message}`, facts: { site: event.site, event: event.kind, ...facts } }
}

/** Comes with each check or cycle, thousands a second, and is worded for debugging alone. */
const isDetail = ({ kind }: EngineEvent): boolean => kind === 'checked' || kind === 'cycled'

/** Writes events to a log that has lines of this level and graver ones. */
export const logEvents =
  (log: Log, logLevel: LogLevel) =>
  (event: EngineEvent): void => {
    if (logLevel !== 'debug' && isDetail(event)) return
    const { level, message, facts } = eventLine(event)
    log(level, message, facts)
  }
