import { createHash } from 'node:crypto'
import { z } from 'zod'
import { instant } from './instant.ts'
import { mostAtOnce, type Observation, type Parsed } from './observation.ts'
import { printable } from './printable.ts'
import { shapeProblem } from './shape-problem.ts'

const advice = 'Point a webhook of Alertmanager or a webhook contact point of Grafana here, without a custom payload.'

const Time = z.string().refine((text) => instant(text, false) !== undefined, 'not a time such as 2026-11-22T15:04:05Z')
const Texts = z.record(z.string(), z.string())

const Alert = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  labels: Texts,
  annotations: Texts.nullish(),
  startsAt: Time.nullish(),
  /** Of a firing one the year 1, or the time at which it will be taken for resolved. */
  endsAt: Time.nullish(),
  fingerprint: z.string().max(200).nullish(),
})
type Alert = z.infer<typeof Alert>

const Group = z.looseObject({ receiver: z.string().nullish(), alerts: z.array(Alert).max(mostAtOnce), truncatedAlerts: z.number().nullish() })

const own = (texts: Readonly<Record<string, string>>, name: string): string => (Object.hasOwn(texts, name) ? (texts[name] ?? '') : '')

const prefixed = (prefix: string, texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([name, value]) => [`${prefix}.${name}`, value]))

/**
 * Why an alert tells nothing of whether what it watches is well. Grafana fires when its own query fails, and resolves when
 * a series disappears or somebody edits the rule.
 */
const silence = ({ labels, annotations }: Alert): string | undefined => {
  const alertname = own(labels, 'alertname')
  if ((alertname === 'DatasourceNoData' || alertname === 'DatasourceError') && own(labels, 'rulename') !== '') return alertname
  const reason = own(annotations ?? {}, 'grafana_state_reason')
  return reason === '' ? undefined : `grafana_state_reason ${reason}`
}

/** Until 2019 Alertmanager sent none. It is the same labels that make the same alert. */
const fingerprintOf = ({ fingerprint, labels }: Alert): string => {
  if (typeof fingerprint === 'string' && fingerprint !== '') return printable(fingerprint, 200)
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16)
}

const timeOf = (text: string | null | undefined): number | undefined => {
  const at = typeof text === 'string' ? instant(text, false) : undefined
  // Go's zero time, the year 1, stands for none.
  return at === undefined || at <= 0 ? undefined : at
}

/**
 * A firing alert happened when it started, so that its repeats are all the same news. A resolved one happened when it
 * ended, and always after it started: Grafana 12 gives both the same time, and one that comes late a second time must
 * not undo it.
 */
const eventAt = ({ status, startsAt, endsAt }: Alert, now: number): number => {
  const start = timeOf(startsAt)
  if (status === 'firing') return start ?? now
  const end = timeOf(endsAt) ?? now
  return start === undefined ? end : Math.max(end, start + 1)
}

const observe = (alert: Alert, receiver: string, now: number): Observation => {
  const { status, labels } = alert
  const annotations = alert.annotations ?? {}
  const opinion = status === 'firing' ? 'down' : 'up'
  const alertname = own(labels, 'alertname')
  const fingerprint = fingerprintOf(alert)
  const summary = own(annotations, 'summary') || own(annotations, 'description')
  return {
    fields: { monitor: alertname, status: opinion, receiver, fingerprint, ...prefixed('labels', labels), ...prefixed('annotations', annotations) },
    opinion,
    detail: printable([alertname, status, summary].filter((each) => each !== '').join(': '), 300),
    eventAt: eventAt(alert, now),
    monitor: fingerprint,
  }
}

const noteOn = (silent: readonly string[], truncated: number): string | undefined => {
  const notes = [
    ...(silent.length === 0 ? [] : [`${silent.length} alerts left out that tell nothing of health: ${printable([...new Set(silent)].join(', '), 200)}.`]),
    ...(truncated > 0 ? [`${truncated} more alerts were cut off by the sender: see its max_alerts.`] : []),
  ]
  return notes.length === 0 ? undefined : notes.join(' ')
}

/** What Alertmanager's webhook sends (version 4), and Grafana's contact point, which adds to it. */
export const parseAlerts = (body: unknown, now: number): Parsed => {
  const group = Group.safeParse(body)
  if (!group.success) return shapeProblem('a group of alerts', group.error, advice)
  const { alerts, receiver, truncatedAlerts } = group.data
  const telling = alerts.filter((alert) => silence(alert) === undefined)
  return {
    kind: 'parsed',
    observations: telling.map((alert) => observe(alert, receiver ?? '', now)),
    note: noteOn(alerts.flatMap((alert) => silence(alert) ?? []), truncatedAlerts ?? 0),
  }
}
