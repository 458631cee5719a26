import type { Parsed } from './observation.ts'
import { parseAlerts } from './parse-alerts.ts'
import { parseGatus } from './parse-gatus.ts'
import { parseHealthchecks } from './parse-healthchecks.ts'
import { parseJson } from './parse-json.ts'
import { parseUptimeKuma } from './parse-uptime-kuma.ts'
import type { WebhookType } from './webhook-source.ts'

/** Parsers are pure: `now` stands in for an event time that a delivery does not tell. */
export const parseBody = (type: WebhookType, body: unknown, now: number): Parsed => {
  switch (type) {
    case 'json':
      return parseJson(body, now)
    case 'uptime-kuma':
      return parseUptimeKuma(body, now)
    case 'gatus':
      return parseGatus(body, now)
    case 'alertmanager':
    case 'grafana':
      return parseAlerts(body, now)
    case 'healthchecks':
      return parseHealthchecks(body, now)
  }
}
