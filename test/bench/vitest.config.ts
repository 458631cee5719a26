import { defineConfig } from 'vitest/config'
import { reportTables } from './report-tables.ts'

const print = (text: string): void => void process.stdout.write(text)

/** What measures, and needs the machine for itself; for the program as built. `bench.mjs` runs it. */
export default defineConfig({
  test: {
    include: ['test/bench/*.bench.ts'],
    testTimeout: 180_000,
    fileParallelism: false,
    reporters: ['verbose', reportTables(process.env['BENCH_RESULT'], print)],
    disableConsoleIntercept: true,
  },
})
