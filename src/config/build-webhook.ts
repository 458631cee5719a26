import { buildSecret } from './build-secret.ts'
import type { WebhookConfig } from './config.ts'
import { checkEntryName } from './entry-name.ts'
import type { NamedFiles } from './named-files.ts'
import { errorAtKey, type Path, type Report, warningAt } from './problem.ts'
import { checkKey, checkToken } from './secret-rules.ts'
import type { Secret } from './secret.ts'
import { defaultExpiresMs, type WebhookInput } from './webhook-schema.ts'

const signing: readonly WebhookInput['type'][] = ['json', 'grafana']

const secretOf = (input: WebhookInput, key: 'token' | 'secret', path: Path, files: NamedFiles, report: Report): Secret | undefined => {
  const fileKey = `${key}File` as const
  if (input[key] === undefined && input[fileKey] === undefined) return undefined
  const secret = buildSecret({ path, key, text: input[key], file: input[fileKey] }, files, report)
  const at = [...path, input[key] === undefined ? fileKey : key]
  if (secret !== undefined) (key === 'token' ? checkToken : checkKey)(secret, at, report)
  return secret
}

const hasOne = (input: WebhookInput, key: 'token' | 'secret'): boolean => input[key] !== undefined || input[`${key}File`] !== undefined

const checkRules = ({ type, rules = [] }: WebhookInput, path: Path, report: Report): void => {
  if (rules.length === 0 && type !== 'json') {
    const example = type === 'alertmanager' || type === 'grafana' ? '{ when: { labels.region: msk }, site: ..., region: msk }' : '{ when: { monitor: "msk *" }, site: ..., region: msk }'
    report({ ...errorAtKey(path, `"${path.at(-1)}" needs "rules" that say which region a message is about, such as ${example}`), restsOn: [...path, 'rules'] })
  }
  const always = rules.findIndex(({ when }) => Object.keys(when).length === 0)
  if (always === -1 || always === rules.length - 1) return
  report(warningAt([...path, 'rules', always], 'fits every message, so that the rules below it never count; give it a "when", or put it last'))
}

/** `isGranted`: some API token may speak for it. */
export const buildWebhook = (name: string, input: WebhookInput, isGranted: boolean, files: NamedFiles, report: Report): WebhookConfig => {
  const path = ['webhooks', name]
  checkEntryName('webhook', path, report)
  if (hasOne(input, 'secret') && !signing.includes(input.type)) {
    const key = input.secret === undefined ? 'secretFile' : 'secret'
    report(errorAtKey([...path, key], `${input.type} cannot sign what it sends, only ${signing.join(' and ')} can; let it show a "token"`))
  }
  if (!hasOne(input, 'token') && !hasOne(input, 'secret') && !isGranted) {
    const signed = signing.includes(input.type) ? ' or "secret"' : ''
    report({
      ...errorAtKey(path, `nobody may speak for "${name}"; give it a "token"${signed}, or give a token of "api" the scope webhook:${name}`),
      restsOn: ['api', 'tokens'],
    })
  }
  checkRules(input, path, report)
  return {
    name,
    type: input.type,
    mode: input.mode,
    token: secretOf(input, 'token', path, files, report),
    secret: secretOf(input, 'secret', path, files, report),
    expiresMs: input.expires ?? defaultExpiresMs[input.type],
    rules: (input.rules ?? []).map(({ when, site, region }) => ({ when, site, region })),
  }
}
