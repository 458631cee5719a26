import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

/** One file of a built page, in memory. */
export interface PageFile {
  readonly contentType: string
  readonly plain: Buffer
  /** Undefined: it was not compressed. */
  readonly br: Buffer | undefined
  readonly gzip: Buffer | undefined
  /** Of its content, without quotes. */
  readonly tag: string
}

/** By name, `index.html` or `assets/index-4f2a.js`: what is not in here is not served. */
export type PageFiles = ReadonlyMap<string, PageFile>

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
}

const isPlainName = (name: string): boolean => /^[\w-][\w.-]{0,99}$/.test(name)

const isNotFound = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

const filesIn = async (directory: string, prefix: string): Promise<readonly string[]> => {
  const entries = await readdir(join(directory, prefix), { withFileTypes: true })
  return entries.filter((entry) => entry.isFile() && isPlainName(entry.name)).map(({ name }) => prefix + name)
}

/** Undefined: there is no built page in this directory, as in a checkout that was not built. Rejects with the system's error. */
export const readPageFiles = async (directory: string): Promise<PageFiles | undefined> => {
  try {
    const names = [...(await filesIn(directory, '')), ...(await filesIn(directory, 'assets/'))]
    const contents = new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name))] as const)))
    const files = [...contents].flatMap(([name, plain]): readonly (readonly [string, PageFile])[] => {
      const contentType = contentTypes[extname(name)]
      if (contentType === undefined) return []
      return [[name, { contentType, plain, br: contents.get(`${name}.br`), gzip: contents.get(`${name}.gz`), tag: createHash('sha256').update(plain).digest('base64url').slice(0, 22) }]]
    })
    return contents.has('index.html') ? new Map(files) : undefined
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
