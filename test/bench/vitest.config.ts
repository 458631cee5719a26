import { defineConfig } from 'vitest/config'

/** What measures, and needs the machine for itself; for the program as built. */
export default defineConfig({ test: { include: ['test/bench/*.bench.ts'], testTimeout: 180_000, fileParallelism: false, reporters: ['verbose'], disableConsoleIntercept: true } })
