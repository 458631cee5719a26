import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

/**
 * The last step of the build. The official SDK is 120 MB installed, and costs half a second and 50 MB and more to load.
 * So what has become of sdk.ts is replaced by a bundle of it and of the few files of the SDK that it needs (73 KB).
 */
const root = new URL('../../../', import.meta.url)
const file = fileURLToPath(new URL('dist/providers/cloudflare/sdk.js', root))
const read = (name) => readFileSync(new URL(`node_modules/cloudflare/${name}`, root), 'utf8')
const { version } = JSON.parse(read('package.json'))
const licence = read('LICENSE').replaceAll('*/', '* /')

await build({
  input: file,
  platform: 'node',
  // A warning is a missing file or an import that would be left to the installed package.
  onLog: (_level, log) => {
    throw new Error(log.message)
  },
  output: { file, format: 'esm', banner: `/*!\nContains parts of cloudflare ${version}, bundled, under this licence:\n\n${licence}*/` },
})
