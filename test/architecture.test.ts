import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { offences } from './architecture.ts'

/** Known, and to be mended: the pattern's compiler belongs where both may reach it. */
const tolerated = ['config/value-leaf.ts imports checks/body-pattern.ts: an adapter imports core, ports and its own folder, not checks']

it('stands as it was designed', async () => {
  const root = fileURLToPath(new URL('../src', import.meta.url))
  const names = (await readdir(root, { recursive: true })).filter((name) => /\.tsx?$/.test(name))
  const files = await Promise.all(
    names.map(async (name) => ({ path: name.split(sep).join('/'), text: await readFile(join(root, name), 'utf8') })),
  )
  expect(files.length).toBeGreaterThan(100)
  expect(offences(files).filter((each) => !tolerated.includes(each))).toEqual([])
})

it.each([
  ['core/a.ts', "import { connect } from 'node:net'", 'core/a.ts imports node:net: core imports nothing outside core'],
  ['core/a.ts', "import { z } from 'zod'", 'core/a.ts imports zod: core imports nothing outside core'],
  ['core/a.ts', "import type { Clock } from '../engine/ports.ts'", 'core/a.ts imports engine/ports.ts: core imports nothing outside core'],
  ['core/a.ts', "export { b } from '../dns/b.ts'", 'core/a.ts imports dns/b.ts: core imports nothing outside core'],
  ['core/a.ts', "import '../dns/b.ts'", 'core/a.ts imports dns/b.ts: core imports nothing outside core'],
  ['core/a.ts', "const b = await import('../dns/b.ts')", 'core/a.ts imports dns/b.ts: core imports nothing outside core'],
  ['core/a.ts', "import {\n  type B,\n  c,\n} from '../dns/b.ts'", 'core/a.ts imports dns/b.ts: core imports nothing outside core'],
  ['checks/a.ts', "import { b } from '../dns/b.ts'", 'checks/a.ts imports dns/b.ts: an adapter imports core, ports and its own folder, not dns'],
  ['dns/a.ts', "import { b } from '../config/b.ts'", 'dns/a.ts imports config/b.ts: an adapter imports core, ports and its own folder, not config'],
  ['store/a.ts', "import { b } from '../cli/b.ts'", 'store/a.ts imports cli/b.ts: an adapter imports core, ports and its own folder, not cli'],
  ['config/a.ts', "import type { B } from '../providers/bind/b.ts'", 'config/a.ts imports providers/bind/b.ts: an adapter imports core, ports and its own folder, not providers/bind'],
  ['providers/bind/a.ts', "import { b } from '../embedded/b.ts'", 'providers/bind/a.ts imports providers/embedded/b.ts: an adapter imports core, ports and its own folder, not providers/embedded'],
  ['providers/bind/a.ts', "import { b } from '../../dns/b.ts'", 'providers/bind/a.ts imports dns/b.ts: an adapter imports core, ports and its own folder, not dns'],
  ['checks/a.ts', "import type { B } from '../engine/cycle.ts'", 'checks/a.ts imports engine/cycle.ts: an adapter imports core, ports and its own folder, not engine'],
  ['checks/a.ts', "import { b } from '../engine/ports.ts'", 'checks/a.ts imports engine/ports.ts: of the engine an adapter imports only the types of its ports'],
  ['providers/provider.ts', "import type { B } from './bind/b.ts'", 'providers/provider.ts imports providers/bind/b.ts: the provider port imports core'],
  ['engine/a.ts', "import { b } from '../dns/b.ts'", 'engine/a.ts imports dns/b.ts: the engine imports core and ports'],
  ['engine/ports.ts', "import type { B } from '../providers/bind/b.ts'", 'engine/ports.ts imports providers/bind/b.ts: the engine imports core and ports'],
  ['engine/a.ts', "import { b } from 'undici'", 'engine/a.ts imports undici: the engine and the ports know no packages'],
  ['engine/a.ts', "import { b } from '../compose.ts'", 'engine/a.ts imports compose.ts: only cli, demo and index import compose'],
  ['dns/a.ts', "import { b } from '../compose/b.ts'", 'dns/a.ts imports compose/b.ts: only cli, demo and index import compose'],
  ['engine/a.ts', "import { b } from '../files/b.ts'", 'engine/a.ts imports files/b.ts: the engine imports core and ports'],
  ['files/a.ts', "import { b } from '../core/b.ts'", 'files/a.ts imports core/b.ts: files knows files alone'],
  ['dashboard/a.tsx', "import { b } from '../api/b.tsx'", 'dashboard/a.tsx imports api/b.tsx: an adapter imports core, ports and its own folder, not api'],
  ['core/a.ts', 'export default 1', 'core/a.ts has a default export'],
  ['core/a.ts', 'const a = 1\nexport { a as default }', 'core/a.ts has a default export'],
  ['api/a.ts', 'let a = 0', 'api/a.ts keeps something for whole processes: who composes creates it'],
  ['api/a.ts', 'export let a = 0', 'api/a.ts keeps something for whole processes: who composes creates it'],
  ['api/a.ts', 'const a = new WeakMap<object, string>()', 'api/a.ts keeps something for whole processes: who composes creates it'],
  ['api/a.ts', 'export const a = new Map<string, readonly B[]>()', 'api/a.ts keeps something for whole processes: who composes creates it'],
  ['api/a.ts', 'const a = new Set()', 'api/a.ts keeps something for whole processes: who composes creates it'],
  ['core/a.ts', '\n'.repeat(301), 'core/a.ts has 301 lines, more than 300'],
])('%s: %j', (path, text, offence) => {
  expect(offences([{ path, text }])).toEqual([offence])
})

it.each([
  ['core/a.ts', "import { b } from './b.ts'\nimport type { C } from './c.ts'"],
  ['checks/a.ts', "import { b } from '../core/b.ts'\nimport { request } from 'undici'\nimport type { C } from '../engine/ports.ts'\nimport { d } from 'node:net'"],
  ['providers/bind/a.ts', "import { b } from './b.ts'\nimport { ProviderError } from '../provider-error.ts'\nimport { c } from '../../core/c.ts'"],
  ['store/a.ts', "import { b } from '../files/b.ts'"],
  ['providers/bind/a.ts', "import { b } from '../../files/b.ts'\nimport { c } from '../provider-error.ts'"],
  ['files/a.ts', "import { b } from './b.ts'\nimport { open } from 'node:fs/promises'"],
  ['engine/a.ts', "import { b } from './b.ts'\nimport { c } from '../core/c.ts'\nimport type { Provider } from '../providers/provider.ts'\nimport { performance } from 'node:perf_hooks'"],
  ['compose.ts', "import { b } from './dns/b.ts'\nimport { c } from './engine/c.ts'\nimport { d } from './compose/d.ts'"],
  ['compose/a.ts', "import { b } from '../providers/bind/b.ts'"],
  ['cli/a.ts', "import { b } from '../compose.ts'\nimport { c } from '../engine/c.ts'\nimport { Command } from 'commander'"],
  ['demo/a.ts', "import { b } from '../compose.ts'"],
  ['dashboard/vite.config.ts', 'export default 1'],
  ['dashboard/a.tsx', "import { b } from './b.tsx'\nimport './styles/c.css'\nimport type { D } from '../engine/views.ts'"],
  ['dashboard/a.ts', 'let a = 0'],
  ['core/a.ts', "const a: ReadonlyMap<string, string> = new Map()\nconst b = new Set(['b'])\nconst c = () => {\n  let d = 0\n}"],
  ['core/a.ts', '\n'.repeat(300)],
])('finds nothing wrong with %s: %j', (path, text) => {
  expect(offences([{ path, text }])).toEqual([])
})
