import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a suite of its own, somewhere else, under this project's config; resolves with all it printed. */
const runSuite = async (source: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'suite-'))
  try {
    await mkdir(join(folder, 'test'))
    await writeFile(join(folder, 'test', 'inner.test.ts'), source)
    const env = { ...process.env, NO_COLOR: '1', TEST_RESULTS_JSON: undefined, VITEST: undefined }
    const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--globals', '--root', folder, '--config', join(root, 'vitest.config.ts')]
    return (await promisify(execFile)(process.execPath, args, { cwd: root, env })).stdout
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

it('lists what was skipped, by reason, whole suites as one', async () => {
  const output = await runSuite(`
    const missing = 'named not installed; on Debian: npm run test:deps'
    describe.skip('BIND [skipped: ' + missing + ']', () => { it('a', () => {}); describe('deeper', () => { it('b', () => {}) }) })
    describe('dig', () => { describe.skip(missing, () => { it('c', () => {}) }) })
    it('runs', () => {})
    it('gives up', (context) => context.skip('takes one change a call'))
    it.skip('for no reason', () => {})
  `)
  const from = output.indexOf('\nSkipped, by reason:\n')
  expect(output.slice(from).trimEnd()).toBe(`
Skipped, by reason:
  named not installed; on Debian: npm run test:deps
    test/inner.test.ts > BIND (2 tests)
    test/inner.test.ts > dig > named not installed; on Debian: npm run test:deps (1 test)
  takes one change a call
    test/inner.test.ts > gives up (1 test)
  no reason given
    test/inner.test.ts > for no reason (1 test)`)
})

it('says nothing where nothing was skipped', async () => {
  expect(await runSuite(`it('runs', () => {})`)).not.toContain('Skipped')
})
