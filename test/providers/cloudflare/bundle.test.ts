import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { makeBench } from './bench.ts'

const run = promisify(execFile)
const bundle = fileURLToPath(new URL('../../../dist/providers/cloudflare/sdk.js', import.meta.url))

it('holds of the SDK what is used, with its licence, and needs nothing else', async () => {
  const text = await readFile(bundle, 'utf8')
  expect(text.slice(0, 200)).toMatch(/^\/\*!\nContains parts of cloudflare 7\.\d+\.\d+, bundled, under this licence:\n\n\s*Apache License/)
  expect(text).toContain('Copyright 2026 Cloudflare')
  expect([...text.matchAll(/^(?:import|export) .*|\brequire\(.*$/gm)].map(([line]) => line)).toEqual(['export { openSdk };'])
  expect((await stat(bundle)).size).toBeLessThan(100_000)
})

it('works alone, quickly, in little memory', async () => {
  const bench = await makeBench()
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp(bundle, join(folder, 'sdk.mjs'))
  const script = `
    const before = process.memoryUsage().rss
    const startedAt = performance.now()
    const { openSdk } = await import(process.argv[1])
    const ms = performance.now() - startedAt
    const mb = (process.memoryUsage().rss - before) / 1e6
    const sdk = openSdk({ apiToken: process.argv[2], baseUrl: process.argv[3], timeoutMs: 5000, fetch })
    const reply = await sdk.listZones({ page: 1, per_page: 50 }, AbortSignal.timeout(5000))
    console.log(JSON.stringify({ ms, mb, names: reply.body.result.map((zone) => zone.name) }))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script, join(folder, 'sdk.mjs'), bench.api.token, bench.api.baseUrl], { cwd: folder })
  const { ms, mb, names } = JSON.parse(stdout) as { readonly ms: number; readonly mb: number; readonly names: readonly string[] }
  expect(names).toEqual(['example.com', 'example.net'])
  expect(ms).toBeLessThan(500)
  expect(mb).toBeLessThan(20)
})
