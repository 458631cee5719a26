import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The environment that every file of the corpus is read with. No value of it may ever be shown. */
export const corpusEnv: NodeJS.ProcessEnv = {
  CLOUDFLARE_API_TOKEN: 'cloudflare-token-value',
  TOKEN: 'environment-token-value',
  TSIG: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
  FALL: '4',
  OPS_TOKEN: 'operators-token-value',
  KUMA_TOKEN: 'monitors-token-value',
  HMAC: 'signing-secret-value',
  PAGER_KEY: '0123456789abcdefroutingkeyvalue0',
  SLACK_URL: 'https://hooks.slack.example/services/T0000/B0000/SlackSecretValue',
  SHORT: 'fourteen-chars',
}

/** What must not be found in anything that is shown. */
export const secretTexts: readonly string[] = [
  'cloudflare-token-value',
  'environment-token-value',
  'MDEyMzQ1Njc4OWFi',
  'very-secret-value',
  'very secret value',
  'c2hvcnQ',
  'file-token-value',
  'operators-token-value',
  'monitors-token-value',
  'signing-secret-value',
  'routingkeyvalue',
  'SlackSecretValue',
  'slacksecretvalue',
  'fourteen-chars',
  'file-kuma-value',
  'file-url-value',
  '8675309867',
]

export const configDirectory = import.meta.dirname

export const corpusFiles = (folder: 'valid' | 'invalid'): readonly string[] =>
  readdirSync(join(configDirectory, folder))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => join(configDirectory, folder, name))

export const corpusText = (file: string): string => readFileSync(file, 'utf8')
