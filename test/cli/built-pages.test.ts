import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { builtPages } from '../../src/cli/service/built-pages.ts'

const built = fileURLToPath(new URL('../../dist/dashboard/index.html', import.meta.url))

it.skipIf(!existsSync(built))(`has what the build made${existsSync(built) ? '' : ' [skipped: the dashboard is not built; npm run build]'}`, async () => {
  const lines: string[] = []
  const files = await builtPages((level, message) => void lines.push(`${level} ${message}`))
  expect(lines).toEqual([])
  const names = [...(files ?? new Map()).keys()]
  for (const name of ['index.html', 'status.html', 'favicon.svg', 'licenses.txt']) expect(names).toContain(name)
  expect(names.filter((name) => !/^(?:index\.html|status\.html|favicon\.svg|licenses\.txt|assets\/[\w-]+\.(?:js|css|svg))$/.test(name))).toEqual([])
  // All that is text comes compressed both ways; a page that has to be found in its scripts loads nothing of its own.
  for (const [name, { plain, br, gzip }] of files ?? []) expect([name, br === undefined || br.length < plain.length, gzip === undefined || gzip.length < plain.length]).toEqual([name, true, true])
  const html = files?.get('index.html')?.plain.toString() ?? ''
  const assets = [...html.matchAll(/(?:src|href)="(?<path>[^"]+)"/g)].map(({ groups }) => groups?.['path'] ?? '')
  expect(assets.length).toBeGreaterThan(1)
  for (const path of assets) expect([path, files?.has(path.replace(/^\.\//, ''))]).toEqual([path, true])
  const status = files?.get('status.html')?.plain.toString() ?? ''
  for (const { groups } of status.matchAll(/(?:src|href)="(?<path>[^"]+)"/g)) expect([groups?.['path'], files?.has((groups?.['path'] ?? '').replace(/^\.\.\//, ''))]).toEqual([groups?.['path'], true])
})
