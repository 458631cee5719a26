import { defineConfig } from 'vitest/config'

/** What outages and clocks do to the replication, with waits of minutes; each file in a lab of its own. */
export default defineConfig({ test: { include: ['test/lab/hazards/*.hazard.ts'], testTimeout: 240_000, hookTimeout: 120_000, fileParallelism: false, reporters: ['verbose'], disableConsoleIntercept: true } })
