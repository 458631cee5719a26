import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { stillValid } from '../../src/cli/still-valid.ts'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { makeFolder } from '../store/folder.ts'

const [one, other] = ['a-token-of-16-characters', 'another-token-of-16-characters']

interface Shape {
  readonly api?: string
  readonly webhooks?: string
  /** Anything else, wrong maybe. */
  readonly more?: string
}

const read = async ({ api = `{ tokens: { ops: { token: ${one}, scopes: [operate] } } }`, webhooks = `{ kuma: { type: uptime-kuma, token: ${other}, rules: [{ when: { monitor: "*" }, site: one.test, region: msk }] } }`, more = '' }: Shape): Promise<Config | undefined> => {
  const file = join(await makeFolder(), 'dns-failover.yaml')
  await writeFile(
    file,
    `version: 1
state: /nowhere
providers: { local: { type: embedded, listen: "127.0.0.1:5300", zone: one.test } }
sites:
  one.test: { regions: { msk: { addresses: [198.51.100.1] }, ams: { addresses: [198.51.100.2] } }, check: { url: "http://{site}/" } }
api: ${api}
webhooks: ${webhooks}
${more}`,
  )
  const loaded = await loadConfig(file, {})
  return loaded.ok ? loaded.config : loaded.understood()
}

const broken = 'oops: 1\n'
const until = 'until a config is taken'

it.each<[string, Shape, readonly string[]]>([
  ['nothing of it', {}, []],
  ['a token that is gone', { api: '{}' }, [`the token "ops" stays valid ${until}: the refused one has no such token that could be used`]],
  ['a token that is another', { api: `{ tokens: { ops: { token: yet-another-token-0123456789, scopes: [operate] } } }` }, [`the token "ops" stays valid ${until}: the refused one has another under that name`]],
  ['a token that cannot be read', { api: `{ tokens: { ops: { tokenFile: ./not-there, scopes: [operate] } } }` }, [`the token "ops" stays valid ${until}: the refused one has no such token that could be used`]],
  ['fewer scopes', { api: `{ tokens: { ops: { token: ${one}, scopes: [read] } } }` }, [`the token "ops" keeps the scope operate ${until}: the refused one takes it away`]],
  ['a token more', { api: `{ tokens: { ops: { token: ${one}, scopes: [operate] }, new: { token: yet-another-token-0123456789, scopes: [read] } } }` }, []],
  ['a webhook that is gone', { webhooks: '{}' }, [`the webhook "kuma" is heard ${until}: the refused one has no such webhook that could be used`]],
  [
    'a webhook with another token',
    { webhooks: '{ kuma: { type: uptime-kuma, token: yet-another-token-0123456789, rules: [{ when: { monitor: "*" }, site: one.test, region: msk }] } }' },
    [`the webhook "kuma" is heard ${until} by the token or secret that it has: the refused one has another`],
  ],
])('says what stays valid though a refused config changes %s', async (_, shape, texts) => {
  const now = await read({})
  if (now === undefined) throw new Error('the config of now is no good')
  const refused = await read({ ...shape, more: broken })
  expect(refused).toBeDefined()
  expect(stillValid(now, refused)).toEqual(texts)
})

it('says that the API stays open, and nothing of what it could not understand', async () => {
  const now = await read({ api: '{ open: true }' })
  if (now === undefined) throw new Error('the config of now is no good')
  expect(stillValid(now, await read({ api: '{}', more: broken }))).toEqual([`the API stays open for reading without a token ${until}`])
  expect(await read({ more: '  - this: [is no YAML' })).toBeUndefined()
  expect(stillValid(now, undefined)).toEqual([])
})
