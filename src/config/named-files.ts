import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ConfigInput } from './config-schema.ts'

/** A file that the config names, as it was when the config was read. */
export type NamedFile =
  | { readonly kind: 'read'; readonly text: string; /** Permission bits. */ readonly mode: number; /** Other for another file, and after every write. */ readonly version: string }
  | { readonly kind: 'failed'; readonly reason: string }

/** By the path as the config writes it. */
export type NamedFiles = ReadonlyMap<string, NamedFile>

const mebibyte = 1_048_576

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'part of its path is not a directory',
}

/** Reads a file of at most so many MiB; what prevents it is a value. */
export const readNamedFile = async (file: string, maxMiB = 1): Promise<NamedFile> => {
  const handle = await open(file, 'r').catch((error: unknown) => failed(error))
  if ('kind' in handle) return handle
  try {
    const { mode, ino, size, mtimeMs } = await handle.stat()
    const chunks: Buffer[] = []
    let length = 0
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(65_536), 0, 65_536, null)
      if (bytesRead === 0) break
      length += bytesRead
      if (length > maxMiB * mebibyte) return { kind: 'failed', reason: `it is longer than ${maxMiB} MiB` }
      chunks.push(buffer.subarray(0, bytesRead))
    }
    return { kind: 'read', text: Buffer.concat(chunks).toString('utf8'), mode: mode & 0o777, version: `${ino} ${size} ${mtimeMs}` }
  } catch (error) {
    return failed(error)
  } finally {
    await handle.close()
  }
}

const failed = (error: unknown): Extract<NamedFile, { kind: 'failed' }> => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return { kind: 'failed', reason: reasons[code] ?? (code === '' ? 'it cannot be read' : code) }
}

const namedBy = (input: ConfigInput): readonly string[] => {
  const ofProviders = Object.values(input.providers).map((provider) => {
    if (provider.type === 'cloudflare') return provider.apiTokenFile
    return provider.type === 'rfc2136' ? provider.tsig?.secretFile : undefined
  })
  const ofSites = Object.values(input.sites).map((site) => site.check.tls.caFile)
  const ofTokens = Object.values(input.api.tokens).map(({ tokenFile }) => tokenFile)
  const ofWebhooks = Object.values(input.webhooks).flatMap(({ tokenFile, secretFile }) => [tokenFile, secretFile])
  const ofAlerts = Object.values(input.alerts).flatMap(({ urlFile, secretFile }) => [urlFile, secretFile])
  const all = [...ofProviders, ...ofSites, ...ofTokens, ...ofWebhooks, ...ofAlerts, input.deadMan?.urlFile]
  return [...new Set(all.filter((name) => name !== undefined))]
}

/** Every file that the config names, relative to `directory`. */
export const readNamedFiles = async (input: ConfigInput, directory: string): Promise<NamedFiles> =>
  new Map(await Promise.all(namedBy(input).map(async (name) => [name, await readNamedFile(resolve(directory, name))] as const)))
