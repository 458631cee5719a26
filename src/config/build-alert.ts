import { alertKinds } from '../core/alert.ts'
import type { AlertInput, DeadManInput } from './alert-schema.ts'
import { buildSecret } from './build-secret.ts'
import type { AlertTarget, DeadManConfig } from './config.ts'
import { checkEntryName } from './entry-name.ts'
import type { NamedFiles } from './named-files.ts'
import { checkOutgoingUrl } from './outgoing-url.ts'
import { errorAt, errorAtKey, type Path, type Report } from './problem.ts'
import { checkBearer, checkKey } from './secret-rules.ts'
import { Secret } from './secret.ts'
import { didYouMean } from './suggest.ts'

/** Where PagerDuty takes events, the same for everybody. */
export const pagerDutyUrl = 'https://events.pagerduty.com/v2/enqueue'

const urlOf = (input: { readonly url?: string | undefined; readonly urlFile?: string | undefined }, path: Path, files: NamedFiles, report: Report): Secret | undefined => {
  const url = buildSecret({ path, key: 'url', text: input.url, file: input.urlFile }, files, report)
  if (url !== undefined) checkOutgoingUrl(url, [...path, input.url === undefined ? 'urlFile' : 'url'], report)
  return url
}

const secretOf = (input: AlertInput, path: Path, files: NamedFiles, report: Report): Secret | undefined => {
  const { type, secret: text, secretFile: file } = input
  const key = text === undefined ? 'secretFile' : 'secret'
  if (text === undefined && file === undefined) {
    if (type === 'pagerduty') {
      report({ ...errorAtKey(path, `"${path.at(-1)}" needs "secret", the integration's routing key, or "secretFile"`), restsOn: [...path, 'secret'] })
    }
    return undefined
  }
  if (type === 'slack' || type === 'discord' || type === 'teams') {
    report(errorAtKey([...path, key], `${type} takes no secret besides its URL; leave it out`))
    return undefined
  }
  const secret = buildSecret({ path, key: 'secret', text, file }, files, report)
  if (secret === undefined) return undefined
  if (type === 'json') checkKey(secret, [...path, key], report)
  else checkBearer(secret, [...path, key], report)
  return secret
}

/** Undefined if it has no URL, which has been reported. `siteNames`: of all sites, those included whose config could not be read. */
export const buildAlert = (name: string, input: AlertInput, siteNames: readonly string[], files: NamedFiles, report: Report): AlertTarget | undefined => {
  const path = ['alerts', name]
  checkEntryName('target', path, report)
  for (const [at, site] of (input.sites ?? []).entries()) {
    if (!siteNames.includes(site)) report(errorAt([...path, 'sites', at], `there is no site ${JSON.stringify(site)}${didYouMean(site, siteNames, 'there are')}`))
  }
  const isPublic = input.type === 'pagerduty' && input.url === undefined && input.urlFile === undefined
  const url = isPublic ? new Secret(pagerDutyUrl) : urlOf(input, path, files, report)
  const secret = secretOf(input, path, files, report)
  if (url === undefined) return undefined
  return {
    name,
    type: input.type,
    url,
    secret,
    sites: [...new Set(input.sites)],
    kinds: [...new Set(input.on ?? alertKinds)],
    groupMs: input.group,
    perHour: input.perHour,
  }
}

export const buildDeadMan = (input: DeadManInput, files: NamedFiles, report: Report): DeadManConfig | undefined => {
  const url = urlOf(input, ['deadMan'], files, report)
  return url === undefined ? undefined : { url, everyMs: input.every }
}
