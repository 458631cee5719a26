import { z } from 'zod'
import { instant } from './instant.ts'
import type { Observation, Parsed } from './observation.ts'
import { printable } from './printable.ts'
import { shapeProblem } from './shape-problem.ts'

const advice = 'In Uptime Kuma choose the notification type Webhook with the request body "Preset - application/json".'

const text = z.string().nullish()

const Heartbeat = z.looseObject({
  /** 0 down, 1 up, 2 pending, 3 maintenance. */
  status: z.number().int(),
  /** UTC, without saying so; `localDateTime` beside it is in the time zone of the server. */
  time: z
    .string()
    .refine((time) => instant(time, true) !== undefined, 'not a time such as 2026-11-22 15:04:05.678')
    .nullish(),
  msg: text,
})

const Monitor = z.looseObject({
  id: z.number().int(),
  name: z.string(),
  pathName: text,
  url: text,
  hostname: text,
  port: z.union([z.number(), z.string()]).nullish(),
  type: text,
  tags: z.array(z.looseObject({ name: z.string(), value: text })).max(100).nullish(),
})

const Message = z.looseObject({ heartbeat: Heartbeat.nullable(), monitor: Monitor.nullable(), msg: text })

const present = (fields: Readonly<Record<string, string | number | null | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, String(value)] as const])))

const opinionOf = (status: number): Observation['opinion'] | undefined => (status === 0 ? 'down' : status === 1 ? 'up' : undefined)

const nothing = (note: string): Parsed => ({ kind: 'parsed', observations: [], note })

/** What Uptime Kuma's webhook sends. */
export const parseUptimeKuma = (body: unknown, now: number): Parsed => {
  const message = Message.safeParse(body)
  if (!message.success) return shapeProblem('a message of Uptime Kuma', message.error, advice)
  const { heartbeat, monitor, msg } = message.data
  // Its test button, and notices on certificates.
  if (heartbeat === null) return nothing(`A message without a heartbeat: ${printable(msg ?? '', 200)}`)
  if (monitor === null) return { kind: 'refused', status: 400, code: 'malformed', text: `The message has a heartbeat and no monitor. ${advice}` }
  const { status, time } = heartbeat
  const opinion = opinionOf(status)
  if (opinion === undefined) {
    const meaning = status === 2 ? 'pending' : status === 3 ? 'maintenance' : 'unknown'
    return nothing(`The heartbeat of ${printable(monitor.name, 100)} has the status ${status} (${meaning}), which is neither up nor down.`)
  }
  const { id, name, pathName, url, hostname, port, type } = monitor
  const tags = (monitor.tags ?? []).map((tag) => [`tags.${tag.name}`, tag.value ?? ''] as const)
  const observation: Observation = {
    fields: { ...present({ monitor: name, id, path: pathName, url, hostname, port, type }), status: opinion, ...Object.fromEntries(tags) },
    opinion,
    detail: printable(`${name}: ${heartbeat.msg ?? msg ?? opinion}`, 300),
    eventAt: typeof time === 'string' ? (instant(time, true) ?? now) : now,
    monitor: String(id),
  }
  return { kind: 'parsed', observations: [observation], note: undefined }
}
