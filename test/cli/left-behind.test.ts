import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { configChange } from '../../src/cli/config-change.ts'
import { type LeftBehind, leftBehind } from '../../src/cli/left-behind.ts'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { makeFolder } from '../store/folder.ts'

interface Shape {
  readonly provider?: string
  readonly names?: string
  readonly other?: string
  readonly server?: string
  readonly secret?: string
}

const load = async ({ provider = 'one', names = 'a.example.com, www.example.com', other = 'b.example.com', server = '127.0.0.1', secret = 'c2VjcmV0LXNlY3JldC1zZWNyZXQtMTIz' }: Shape = {}): Promise<Config> => {
  const file = join(await makeFolder(), 'dns-failover.yaml')
  const site = (name: string, all: string, at: string): string => `
  ${name}:
    names: [${all}]
    provider: ${at}
    regions: { msk: { addresses: [203.0.113.10] }, ams: { addresses: [198.51.100.20] } }
    check: { url: "http://{site}/" }`
  const tsig = `tsig: { name: k, secret: "${secret}" }`
  await writeFile(
    file,
    `version: 1
providers:
  one: { type: rfc2136, server: "${server}", zone: example.com, ${tsig} }
  two: { type: rfc2136, server: "127.0.0.2", zone: example.com, ${tsig} }
  alias: { type: rfc2136, server: "127.0.0.1", zone: example.com, ${tsig} }
sites:${site('a.example.com', names, provider)}${site('b.example.com', other, 'two')}
`,
  )
  const loaded = await loadConfig(file, {})
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('; '))
  return loaded.config
}

const [a, www] = ['a.example.com', 'www.example.com']

it.each<[string, Shape, readonly unknown[]]>([
  ['nothing, where nothing changed', {}, []],
  ['a name that was taken out', { names: a }, [{ kind: 'names', site: a, names: [www] }]],
  ['no name that another site keeps from now on', { names: a, other: `b.example.com, ${www}` }, []],
  ['everything at a provider that is not the site\'s any more', { provider: 'two' }, [{ kind: 'provider', site: a, names: [a, www], from: 'one', to: 'two' }]],
  ['everything at a server that its provider does not use any more', { server: '127.0.0.9' }, [{ kind: 'provider', site: a, names: [a, www], from: 'one', to: 'one' }]],
  ['nothing, where a provider only has another name', { provider: 'alias' }, []],
  ['nothing, where a provider only has another key', { secret: 'b3RoZXItb3RoZXItb3RoZXItb3RoZXIt' }, []],
])('leaves behind %s', async (_, shape, expected) => {
  const [before, after] = [await load(), await load(shape)]
  const left: readonly LeftBehind[] = leftBehind(before, after)
  expect(left).toEqual(expected)
  expect(configChange(before, after).left).toEqual(left)
})
