import { execFile, execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../../', import.meta.url))

const program = `
  import { createViteServer } from 'vitest/node'
  const server = await createViteServer({ configFile: false, logLevel: 'silent', server: { middlewareMode: true, ws: false, watch: null }, optimizeDeps: { noDiscovery: true } })
  const { run } = await server.ssrLoadModule(process.argv[1])
  const result = await run()
  await server.close()
  process.stdout.write(JSON.stringify(result), () => process.exit(0))`

/** Runs a module's \`run\` in a process of its own that \`shell\` prepares, and returns what it returned, by way of JSON. */
export const runElsewhere = async (shell: string, module: string): Promise<unknown> => {
  const command = `${shell}\nexec "$0" --input-type=module -e "$1" "$2"`
  const inNamespace = ['-rn', 'sh', '-ec', command, process.execPath, program, `/test/checks/elsewhere/${module}`]
  const { stdout } = await promisify(execFile)('unshare', inNamespace, { cwd: root, timeout: 25_000 })
  return JSON.parse(stdout)
}

/** Why there is no network namespace to be had here; undefined if there is. */
export const whyNotElsewhere = (): string | undefined => {
  try {
    execFileSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'needs unshare (util-linux), ip (iproute2) and the right to make a network namespace'
  }
}
