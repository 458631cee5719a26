import { dnsFailover } from '../../src/cli/program.ts'
import { never } from './operator-bench.ts'
import type { Ended } from './program.ts'

/** Runs a verb of dns-failover in this process: what a program of its own takes half a second for. */
export const runHere = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> => {
  let [stdout, stderr, code] = ['', '', -1]
  const io = { stdout: (text: string) => void (stdout += text), stderr: (text: string) => void (stderr += text), color: false, isWatched: false }
  await dnsFailover({ io: () => io, env, signal: never, setExitCode: (each) => (code = each) }).parseAsync(args, { from: 'user' })
  return { code, stdout, stderr }
}
