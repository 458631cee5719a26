import { createHmac } from 'node:crypto'
import { fixture, fixtureTime } from '../webhooks/delivering.ts'

/** An outside monitor as its own documentation has it, with the source and the site that are its own in these tests. */
export interface Monitor {
  /** The name of its source; its site is NAME.example.test. */
  readonly name: string
  readonly site: string
  /** Fixtures; none where it has no documented one but the other with another status. */
  readonly down: string
  readonly up: string
  /** Whether it tells when it happened. */
  readonly tellsTime: boolean
  /** How it shows who it is. */
  readonly proof: 'bearer' | 'our signature' | 'Grafana’s signature'
  /** The rules in the config, in YAML. */
  readonly rules: string
}

const siteOf = (name: string): string => `${name}.example.test`

const monitor = (name: string, about: Omit<Monitor, 'name' | 'site' | 'tellsTime' | 'rules'> & { readonly rules?: string; readonly tellsTime?: boolean }): Monitor => ({
  rules: '',
  tellsTime: true,
  ...about,
  name,
  site: siteOf(name),
})

const labels = 'rules: [ { site: "{labels.site}", region: "{labels.region}" } ]'

const resolvedAlertmanager = (): string =>
  fixture('alertmanager/firing').replace('"status": "firing",\n      "labels"', '"status": "resolved",\n      "labels"').replace('0001-01-01T00:00:00Z', '2026-11-22T15:02:00.828Z')

/** The rule of each names the region msk of its site; what else it says is of ams, and that it is well. */
export const monitors: readonly Monitor[] = [
  monitor('json', { proof: 'our signature', down: fixture('json/down'), up: fixture('json/down').replace('"down"', '"up"').replace('15:00:00Z', '15:02:00Z') }),
  monitor('uptime-kuma', { proof: 'bearer', down: fixture('uptime-kuma/down'), up: fixture('uptime-kuma/up'), rules: `rules: [ { when: { path: "Shops / *" }, site: ${siteOf('uptime-kuma')}, region: "{tags.region}" } ]` }),
  monitor('gatus', {
    proof: 'bearer',
    tellsTime: false,
    down: fixture('gatus/triggered'),
    up: fixture('gatus/resolved'),
    rules: `rules: [ { when: { group: Shops, monitor: shop-ams }, site: ${siteOf('gatus')}, region: ams }, { when: { group: Shops, monitor: shop-msk }, site: ${siteOf('gatus')}, region: msk } ]`,
  }),
  monitor('alertmanager', { proof: 'bearer', down: fixture('alertmanager/firing'), up: resolvedAlertmanager(), rules: labels }),
  monitor('grafana', { proof: 'Grafana’s signature', down: fixture('grafana/firing'), up: fixture('grafana/resolved'), rules: labels }),
  monitor('healthchecks', { proof: 'bearer', down: fixture('healthchecks/down'), up: fixture('healthchecks/up'), rules: `rules: [ { when: { tags: "*msk*" }, site: ${siteOf('healthchecks')}, region: msk } ]` }),
]

export const proofOf = (name: string): string => `${name}-0123456789abcdef`

/** The source in the config. */
export const sourceYaml = ({ name, proof, rules }: Monitor, mode: string, more = ''): string =>
  `  ${name}: { type: ${name}, mode: ${mode}, ${proof === 'bearer' ? 'token' : 'secret'}: ${proofOf(name)}${rules === '' ? '' : `, ${rules}`}${more} }\n`

/** A fixture at another time than that which all are about, and of the monitor's own site. The times of day move with it. */
export const dated = ({ site }: Pick<Monitor, 'site'>, body: string, aboutMs: number): string =>
  body
    .replaceAll(/(2026-11-22)([T ])(\d\d:\d\d:\d\d)/g, (_, day: string, between: string, time: string) => {
      const [date, clock = ''] = new Date(Date.parse(`${day}T${time}Z`) + aboutMs - fixtureTime).toISOString().split('T')
      return `${date}${between}${clock.slice(0, 8)}`
    })
    .replaceAll('shop.example.com', site)

const hex = (secret: string, text: string): string => createHmac('sha256', secret).update(text).digest('hex')

/** The headers by which a delivery is believed. */
export const proven = ({ proof }: Pick<Monitor, 'proof'>, secret: string, body: string, seconds = Math.floor(Date.now() / 1000)): Readonly<Record<string, string>> => {
  switch (proof) {
    case 'bearer':
      return { authorization: `Bearer ${secret}` }
    case 'our signature':
      return { 'x-signature-timestamp': String(seconds), 'x-signature': `sha256=${hex(secret, `${seconds}.${body}`)}` }
    case 'Grafana’s signature':
      return { 'x-grafana-alerting-timestamp': String(seconds), 'x-grafana-alerting-signature': hex(secret, `${seconds}:${body}`) }
  }
}
