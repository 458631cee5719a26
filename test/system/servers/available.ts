import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export type ServerTool = 'named' | 'knotd' | 'nsupdate' | 'knsupdate' | 'dig' | 'setpriv' | 'promtool' | 'unbound' | 'gdnsd' | 'pdns_server' | 'haproxy' | 'prometheus-blackbox-exporter' | 'nginx' | 'nft' | 'taskset'

const folders = (): readonly string[] => [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin']

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Where a tool is installed; servers live in folders that a user's PATH often lacks. */
export const pathOf = (tool: ServerTool): string | undefined => folders().map((folder) => join(folder, tool)).find(isExecutable)

/** Why a suite that needs these cannot run, and what to do about it; undefined if all are there. */
export const serverMissing = (...tools: readonly ServerTool[]): string | undefined => {
  const missing = tools.filter((tool) => pathOf(tool) === undefined)
  return missing.length === 0 ? undefined : `${missing.join(', ')} not installed; on Debian: npm run test:deps`
}

/** A suite's title, which carries the reason if it is skipped. */
export const titled = (title: string, missing: string | undefined): string => (missing === undefined ? title : `${title} [skipped: ${missing}]`)
