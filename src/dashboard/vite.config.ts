import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { licenses } from './build/licenses.ts'
import { oneLevelDeeper } from './build/one-level-deeper.ts'
import { precompressed } from './build/precompressed.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Two pages, which ask nothing of other hosts and know no path of their own. */
export default defineConfig({
  root: here('.'),
  base: './',
  publicDir: here('public'),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [oneLevelDeeper('status.html'), licenses(), precompressed()],
  build: {
    outDir: here('../../dist/dashboard'),
    emptyOutDir: true,
    target: ['chrome111', 'firefox115', 'safari16.4'],
    // An inlined image or script would be one that the policy forbids, or that every page carries.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false }, input: [here('index.html'), here('status.html')] },
  },
})
