import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a suite of its own under this project's config; resolves with all it printed. */
const runSuite = async (source: string): Promise<string> => {
  const folder = await mkdtemp(join(root, 'test', '.report-'))
  try {
    await writeFile(join(folder, 'inner.test.ts'), source)
    const env = { ...process.env, NO_COLOR: '1', TEST_RESULTS_JSON: undefined, VITEST: undefined }
    const { stdout } = await promisify(execFile)(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', folder], { cwd: root, env })
    return stdout.replaceAll(folder.slice(root.length), 'FOLDER')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const head = `import { describe, it } from 'vitest'\n`

it('lists what was skipped, by reason, whole suites as one', async () => {
  const output = await runSuite(`${head}
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
    FOLDER/inner.test.ts > BIND (2 tests)
    FOLDER/inner.test.ts > dig > named not installed; on Debian: npm run test:deps (1 test)
  takes one change a call
    FOLDER/inner.test.ts > gives up (1 test)
  no reason given
    FOLDER/inner.test.ts > for no reason (1 test)`)
})

it('says nothing where nothing was skipped', async () => {
  expect(await runSuite(`${head} it('runs', () => {})`)).not.toContain('Skipped')
})
