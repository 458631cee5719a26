import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const isText = (name: string): boolean => /\.(?:html|js|css|svg|txt)$/.test(name)

/** Puts a `.br` and a `.gz` beside each file, as small as they get: nothing is compressed while somebody waits. */
export const precompressed = (): Plugin => ({
  name: 'precompressed',
  apply: 'build',
  enforce: 'post',
  writeBundle: async ({ dir = '' }) => {
    const names = (await readdir(dir, { recursive: true })).filter(isText)
    await Promise.all(
      names.map(async (name) => {
        const path = join(dir, name)
        const bytes = await readFile(path)
        const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
        await Promise.all([writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params })), writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }))])
      }),
    )
  },
})
