import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

it('src/README.md gives a reason for every dependency', async () => {
  const page = await readFile(join(root, 'src', 'README.md'), 'utf8')
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { readonly dependencies: Readonly<Record<string, string>> }
  const rows = [...page.slice(page.indexOf('## Dependencies')).matchAll(/^\| `(?<name>[^`]+)` \|/gm)].map((match) => match.groups?.['name'])
  expect(rows).toEqual(Object.keys(dependencies))
})

it('src/README.md names files that there are', async () => {
  const page = await readFile(join(root, 'src', 'README.md'), 'utf8')
  const named = [...page.matchAll(/`(?<path>(?:[\w-]+\/)+[\w-]+\.ts)`/g)].map((match) => match.groups?.['path'] ?? '')
  expect(named.length).toBeGreaterThan(15)
  for (const path of new Set(named)) await expect(access(join(root, path.startsWith('test/') ? '' : 'src', path)), path).resolves.toBeUndefined()
})
