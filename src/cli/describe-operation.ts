import type { AlertTarget, ApiConfig, Config, WebhookConfig } from '../config/config.ts'
import { durationText } from '../config/duration.ts'
import { alertKinds } from '../core/alert.ts'
import { endpointText } from '../core/endpoint.ts'
import type { Replication } from '../core/replication.ts'
import type { DrainWindow, Region, Site } from '../core/site.ts'

type Row = readonly [label: string, text: string]

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/** What may take a region's place; empty if nothing may. */
export const replacementText = ({ replacements, promoteAfterMs }: Region): string => {
  if (replacements.length === 0) return ''
  const who = replacements.map((addresses) => addresses.join(' and ')).join(', else ')
  return `; may move to ${who}${promoteAfterMs === undefined ? '' : `, by itself after ${durationText(promoteAfterMs)} down`}`
}

const windowText = ({ region, cron, timeZone, forMs, reason }: DrainWindow): string => `${region} at "${cron}" (${timeZone}) for ${durationText(forMs)}: ${reason}`

const replicationText = ({ root, mode, writer, hub, hosts, delayMs, maxLagMs, onLag }: Replication): string => {
  const who = mode === 'single-writer' ? `${writer} sends, ${Object.keys(hosts).filter((region) => region !== writer).join(', ')} ${Object.keys(hosts).length === 2 ? 'receives' : 'receive'}` : `two-way${hub === undefined ? '' : ` by way of ${hub}`}`
  return `${root}: ${who}, after ${durationText(delayMs)}; stale after ${durationText(maxLagMs)}${onLag === 'withdraw' ? ', also all together' : ''}`
}

/** Rows of one site about its operation: only what is not as usual. `redact` takes the values of variables out of what people wrote freely. */
export const operationRows = (site: Site, redact: (text: string) => string): readonly Row[] => [
  ...site.windows.map((window) => ['window', redact(windowText(window))] as const),
  ...(Object.keys(site.sources).length === 0 ? [] : [['hears', Object.entries(site.sources).map(([name, mode]) => `${name} (${mode})`).join(', ')] as const]),
  ...(site.quorum === undefined ? [] : [['quorum', String(site.quorum)] as const]),
  ...(site.replication === undefined ? [] : [['replication', redact(replicationText(site.replication))] as const]),
]

const apiRow = ({ listen, tokens, isOpen }: ApiConfig): Row => {
  const who = tokens.map(({ name, scopes }) => `${name} (${scopes.join(', ')})`).join(', ')
  const readers = isOpen ? ['everybody may read'] : []
  return ['api', [listen === undefined ? 'only the socket in the state directory' : endpointText(listen), ...readers, ...(who === '' ? [] : [`tokens ${who}`])].join('; ')]
}

const webhookRow = ({ name, type, mode, token, secret, expiresMs, rules }: WebhookConfig): Row => {
  const proof = [...(token === undefined ? [] : ['token']), ...(secret === undefined ? [] : ['signature'])]
  const shown = proof.length === 0 ? 'by a token of the API' : `by ${proof.join(' and ')}`
  return [`webhook ${name}`, `${type}, ${mode}, ${shown}, believed for ${durationText(expiresMs)}, ${counted(rules.length, 'rule')}`]
}

const alertRow = ({ name, type, sites, kinds, groupMs, perHour }: AlertTarget): Row => {
  const what = kinds.length === alertKinds.length ? 'everything' : kinds.join(', ')
  return [`alert ${name}`, `${type}, ${what}${sites.length === 0 ? '' : ` of ${sites.join(', ')}`}; grouped for ${durationText(groupMs)}, ${perHour} an hour at most`]
}

/** Rows of the program as a whole, without secrets. Empty if all is as it is without a word in the file. */
export const serviceRows = ({ api, webhooks, history, alerts, deadMan }: Config): readonly Row[] => {
  const rows = [...Object.values(webhooks).map(webhookRow), ...alerts.map(alertRow), ...(deadMan === undefined ? [] : [['dead man', `pings every ${durationText(deadMan.everyMs)}`] as const])]
  const isUsual = rows.length === 0 && history.isKept && !api.isListenExplicit && api.tokens.length === 0
  const kept = `events ${durationText(history.eventsMs)}, minutes ${durationText(history.minutesMs)}, hours ${durationText(history.hoursMs)}`
  return isUsual ? [] : [apiRow(api), ...rows, ['history', history.isKept ? kept : 'not kept']]
}
