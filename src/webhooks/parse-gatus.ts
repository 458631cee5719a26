import { z } from 'zod'
import type { Observation, Parsed } from './observation.ts'
import { printable } from './printable.ts'
import { shapeProblem } from './shape-problem.ts'

const advice = 'Its custom alert provider sends what is told to: see the body template in the documentation.'

const Alert = z.looseObject({
  name: z.string().min(1).max(200),
  group: z.string().max(200).default(''),
  url: z.string().optional(),
  status: z.enum(['TRIGGERED', 'RESOLVED'], 'neither TRIGGERED nor RESOLVED: leave the placeholder ALERT_TRIGGERED_OR_RESOLVED as it is'),
  description: z.string().default(''),
  errors: z.string().default(''),
})

/** As Gatus itself makes an endpoint's key, which is unique there. */
const key = (group: string, name: string): string => [group, name].map((each) => each.trim().toLowerCase().replaceAll(/[/_,. #+&]/g, '-')).join('_')

/** What Gatus' custom alert provider sends with our template. It tells no time: each delivery is of now. */
export const parseGatus = (body: unknown, now: number): Parsed => {
  const alert = Alert.safeParse(body)
  if (!alert.success) return shapeProblem('an alert of Gatus', alert.error, advice)
  const { name, group, url, status, description, errors } = alert.data
  const opinion = status === 'TRIGGERED' ? 'down' : 'up'
  const observation: Observation = {
    fields: { monitor: name, group, status: opinion, description, ...(url === undefined ? {} : { url }) },
    opinion,
    detail: printable([name, description, errors].filter((each) => each !== '').join(': '), 300),
    eventAt: now,
    monitor: printable(key(group, name), 410),
  }
  return { kind: 'parsed', observations: [observation], note: undefined }
}
