import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import type { Endpoint } from '../../src/core/endpoint.ts'

/** Why a look-up tool cannot be used, and how to get it; undefined if it is there. */
export const toolMissing = (tool: 'dig' | 'kdig'): string | undefined => {
  const isThere = (process.env['PATH'] ?? '').split(delimiter).some((directory) => existsSync(join(directory, tool)))
  return isThere ? undefined : `${tool} is not installed (npm run test:deps)`
}

/** What the tool prints. */
export const runTool = async (tool: 'dig' | 'kdig', server: Endpoint, ...args: string[]): Promise<string> => {
  const options = tool === 'dig' ? ['+noall', '+answer', '+comments', '+tries=1', '+time=3'] : ['+noall', '+answer', '+header', '+retry=0', '+time=3']
  const { stdout } = await promisify(execFile)(tool, [`@${server.address}`, '-p', String(server.port), ...options, ...args], { timeout: 10_000 })
  return stdout
}
