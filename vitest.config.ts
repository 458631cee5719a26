import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { reportSkipped } from './test/report-skipped.ts'

/** Where CI wants the results as JSON, besides what people read. */
const jsonFile = process.env['TEST_RESULTS_JSON']

export default defineConfig({
  test: {
    // By default one core is left free; of two, that would leave one, and most suites wait more than they work.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    include: ['test/**/*.test.ts'],
    setupFiles: [fileURLToPath(new URL('test/fixed-seed.ts', import.meta.url))],
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // What is waited for may come late where a machine is shared; vitest's own second is no time for a process.
    expect: { poll: { timeout: 30_000 } },
    reporters: ['default', ...(jsonFile === undefined ? [] : [['json', { outputFile: jsonFile }] as ['json', { outputFile: string }]]), reportSkipped((text) => void process.stdout.write(text))],
  },
})
