import { durationText } from '../config/duration.ts'
import { mainDomain, regions, type Settings, zone } from './settings.ts'

/** What of the config is found only when the demo starts. */
export interface Places {
  readonly dnsPort: number
  readonly dashboardPort: number
  readonly webPort: number
  /** What a right page begins with. */
  readonly greeting: string
  /** Whoever has it may act in the dashboard. */
  readonly token: string
}

const indented = (lines: readonly string[], by: number): string => lines.map((line) => `${' '.repeat(by)}${line}`).join('\n')

/** The config file that the demo runs with: one as anybody might write it. */
export const demoConfig = ({ dnsPort, dashboardPort, webPort, greeting, token }: Places, { everyMs, timeoutMs, fall, rise, confirmSpanMs, ttl, damping }: Settings): string => `version: 1
providers:
  local:
    type: embedded
    listen: "127.0.0.1:${dnsPort}"
    zone: ${zone}
    records:
${indented(regions.map(({ service, address }) => `${service}: { ttl: ${ttl}, A: ${address} }`), 6)}
state: ./state
api:
  listen: "127.0.0.1:${dashboardPort}"
  open: true
  tokens: { demo: { token: "${token}", scopes: [operate] } }
sites:
  ${mainDomain}:
    ttl: ${ttl}
    allowPrivate: true
    statusPage: { title: "The demo" }
    regions:
${indented(regions.map(({ name, service }) => `${name}: { service: ${service} }`), 6)}
    check:
      every: ${durationText(everyMs)}
      url: http://{site}:${webPort}/
      expect: { status: 200, body: "${greeting}" }
      timeout: ${durationText(timeoutMs)}
      fall: ${fall}
      rise: ${rise}
      confirmSpan: ${durationText(confirmSpanMs)}
    damping: { base: ${durationText(damping.baseMs)}, max: ${durationText(damping.maxMs)}, halfLife: ${durationText(damping.halfLifeMs)} }
`
