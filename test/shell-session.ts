import { execFile } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One line that was typed into a shell. */
export interface Typed {
  readonly line: string
  readonly code: number
  readonly stdout: string
}

const dist = fileURLToPath(new URL('../dist/cli/', import.meta.url))

/** The package's commands as an installation puts them in the PATH; returns their folder. */
export const installCommands = async (folder: string): Promise<string> => {
  const bin = join(folder, 'bin')
  await mkdir(bin)
  for (const name of ['dns-failover', 'dns-reconcile']) {
    await writeFile(join(bin, name), `#!/bin/sh\nexec "${process.execPath}" "${dist}${name}.js" "$@"\n`)
    await chmod(join(bin, name), 0o755)
  }
  return bin
}

const mark = '@@ended'

/** Types the lines into one shell, one after the other whatever came of the last, as a reader of a manual does. */
export const typeLines = (lines: readonly string[], options: { readonly cwd: string; readonly bin: string }): Promise<readonly Typed[]> =>
  new Promise((resolve, reject) => {
    const script = lines.map((line) => `${line}\nprintf '\\n${mark} %d\\n' "$?"`).join('\n')
    const PATH = [options.bin, process.env['PATH'], '/usr/sbin', '/sbin'].join(delimiter)
    const env = { ...process.env, PATH, NO_COLOR: '1', HOME: options.cwd }
    const child = execFile('bash', ['-c', `exec 2>&1\n${script}`], { cwd: options.cwd, env, timeout: 60_000 }, (error, stdout) => {
      const parts = stdout.split(new RegExp(`\n${mark} (\\d+)\n`))
      if (error !== null || parts.length !== 2 * lines.length + 1) return reject(new Error(`the shell ended early:\n${stdout}`, { cause: error }))
      resolve(lines.map((line, at) => ({ line, code: Number(parts[2 * at + 1]), stdout: parts[2 * at] ?? '' })))
    })
    child.stdin?.end()
  })
