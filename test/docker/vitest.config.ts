import { defineConfig } from 'vitest/config'

/** What needs an image that test-image.sh has built. */
export default defineConfig({ test: { include: ['test/docker/*.image.ts'], testTimeout: 60_000, hookTimeout: 60_000 } })
