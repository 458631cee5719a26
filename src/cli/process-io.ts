import type { ReconcileIo } from './reconcile.ts'

/** https://no-color.org and https://force-color.org: any value that is not empty; `FORCE_COLOR=0` forces none. */
const wantsColor = (env: NodeJS.ProcessEnv, isTerminal: boolean): boolean => {
  const force = env['FORCE_COLOR'] ?? ''
  if ((env['NO_COLOR'] ?? '') !== '') return false
  if (force !== '') return force !== '0' && force !== 'false'
  return isTerminal && env['TERM'] !== 'dumb'
}

const unread = (): AbortSignal => {
  const controller = new AbortController()
  process.stdout.once('error', () => controller.abort())
  return controller.signal
}

/** The process's own streams. */
export const processIo = (env: NodeJS.ProcessEnv, options: { readonly color: boolean }): ReconcileIo => ({
  unread: unread(),
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  color: options.color && wantsColor(env, Boolean(process.stdout.isTTY)),
  isWatched: Boolean(process.stderr.isTTY) && env['TERM'] !== 'dumb',
  isScreen: Boolean(process.stdout.isTTY),
  columns: () => (process.stdout.isTTY ? process.stdout : process.stderr).columns || 80,
  rows: () => process.stdout.rows || 24,
})
