// `npm run bench`: runs the parts that are named, or all, each by itself, and prints what they have measured at the end.
// The parts that play with networks and other servers run in a house of their own: a network, processes and temporary
// files that end with it, however it ends.
import { spawn, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const config = 'test/bench/vitest.config.ts'

/** What each part is for, how long it takes in full (minutes), whether it has a house, and whether it is one of those that run when none is named. */
const parts = {
  withdraw: { minutes: 41, isHoused: true, isUsual: true, says: 'from a fault to the answer without the address, and back, beside gdnsd and PowerDNS' },
  flapper: { minutes: 2, isHoused: true, isUsual: true, says: 'record changes in a minute for a server that fails every other check, beside the same' },
  checks: { minutes: 18, isHoused: true, isUsual: true, says: 'CPU and memory of checks at 200, 1,000 and 5,000 targets, beside HAProxy, gdnsd, PowerDNS and blackbox_exporter' },
  scale: { minutes: 6, isHoused: true, isUsual: true, says: '1,000 sites in one process, and 500 addresses that fail at once' },
  startup: { minutes: 2, isHoused: true, isUsual: true, says: 'dns-reconcile until its first check, by provider' },
  costs: { minutes: 1, isHoused: false, isUsual: true, says: 'what a decision, a view and the metrics of 1,000 sites cost' },
  load: { minutes: 3, isHoused: true, isUsual: true, says: 'checks and failover under 1,000 requests a second' },
  visitors: { minutes: 15, isHoused: false, isUsual: false, says: 'what visitors of the lab meet with; needs npm run test:deps -- lab' },
}

const usage = `npm run bench -- [PART...] [--runs N] [--short] [--json]

${Object.entries(parts).map(([name, { says, minutes, isUsual }]) => `  ${name.padEnd(10)}${says}; ${minutes} min${isUsual ? '' : ' (only if named)'}`).join('\n')}

  --runs N   how often each fault is played, and each start is timed (30)
  --short    once and small, to see that the bench works; its numbers mean nothing
  --json     the tables as JSON on stdout, all else on stderr: npm run --silent bench -- --json >bench.json

On Linux, as root or where users may have namespaces of their own. The other servers: npm run test:deps -- bench
`

const read = () => {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { runs: { type: 'string' }, short: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } } })
    const unknown = positionals.find((name) => !Object.hasOwn(parts, name))
    if (unknown !== undefined) return { problem: `There is no part ${unknown}.` }
    if (values.runs !== undefined && !/^[1-9]\d{0,3}$/.test(values.runs)) return { problem: `--runs takes a number from 1 to 9999, not ${values.runs}.` }
    return { values, names: positionals.length > 0 ? [...new Set(positionals)] : Object.keys(parts).filter((name) => parts[name].isUsual) }
  } catch (error) {
    return { problem: error.message }
  }
}

const { problem, values, names } = read()
if (problem !== undefined || values.help) {
  if (problem !== undefined) process.stderr.write(`${problem}\n\n`)
  ;(problem === undefined ? process.stdout : process.stderr).write(usage)
  process.exit(problem === undefined ? 0 : 64)
}

const missing = ['setpriv', 'unshare', 'mount', 'ip'].filter((tool) => names.some((name) => parts[name].isHoused) && spawnSync('bash', ['-c', `command -v ${tool}`]).status !== 0)
if (missing.length > 0) {
  process.stderr.write(`bench: this needs Linux with ${missing.join(', ')}; on Debian: util-linux, mount and iproute2\n`)
  process.exit(69)
}
const [load = 0] = loadavg()
if (!values.short && load > 0.5) process.stderr.write(`bench: this machine is not at rest (load ${load.toFixed(1)}): what else runs is measured as well\n`)
if (!values.short && values.runs === undefined) process.stderr.write(`bench: ${names.join(', ')}: about ${names.reduce((sum, name) => sum + parts[name].minutes, 0)} min\n`)

const base = await mkdtemp(join(tmpdir(), 'dns-failover-bench-'))
/** The house's temporary files: in memory, and seen by it alone. */
const temporary = join(base, 'tmp')
await mkdir(temporary)

// Root may have more files than it was started with; who is not takes what there is.
const house = `ip link set lo up && mount -t tmpfs -o mode=1777 bench "$BENCH_TMP" && { ulimit -n 20000 || ulimit -n "$(ulimit -Hn)"; } 2>/dev/null && exec "$@"`

const commandOf = (name) => {
  const run = [process.execPath, vitest, 'run', '--config', config, `test/bench/${name}.bench.ts`]
  if (!parts[name].isHoused) return run
  const asRoot = process.getuid() === 0 ? [] : ['--map-root-user']
  return ['setpriv', '--pdeathsig', 'KILL', 'unshare', ...asRoot, '--net', '--pid', '--mount', '--fork', '--kill-child=KILL', '--mount-proc', 'bash', '-c', house, 'house', ...run]
}

let running
let isHouse = false
const play = (name) =>
  new Promise((resolve) => {
    const [file, ...args] = commandOf(name)
    const env = {
      ...process.env,
      BENCH_RESULT: join(base, `${name}.json`),
      ...(values.runs === undefined ? {} : { BENCH_RUNS: values.runs }),
      ...(values.short ? { BENCH_SHORT: '1' } : {}),
      ...(parts[name].isHoused ? { BENCH_HOUSE: '1', BENCH_TMP: temporary, TMPDIR: temporary } : {}),
    }
    isHouse = parts[name].isHoused
    running = spawn(file, args, { cwd: root, env, stdio: ['ignore', values.json ? 2 : 1, 2] })
    running.on('error', (error) => {
      process.stderr.write(`${name}: ${error.message}\n`)
      resolve(1)
    })
    running.on('exit', (code) => resolve(code ?? 1))
  })

let isStopped = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    isStopped = true
    // A house ends with its first process, on the spot; what has none cleans up after itself.
    running?.kill(isHouse ? 'SIGKILL' : 'SIGINT')
  })
}

/** The result file also exists where a part has failed in the middle: what it has measured until then. */
const resultOf = async (name) => JSON.parse(await readFile(join(base, `${name}.json`), 'utf8').catch(() => '{"tables":[]}'))

const failed = []
const results = []
try {
  for (const name of names) {
    if (isStopped) break
    const code = await play(name)
    if (code !== 0 && !isStopped) failed.push(name)
    results.push({ part: name, ...(await resultOf(name)) })
  }
  const text = results.map(({ text: each }) => each ?? '').join('')
  const about = text === '' ? '' : `\n${results.find((each) => each.about !== undefined)?.about ?? ''}`
  const goals = results.map((each) => each.goals ?? '').join('')
  const all = JSON.stringify({ machine: results.find(({ machine }) => machine !== undefined)?.machine, loadBefore: load, isShort: values.short === true, parts: results.map(({ part, tables }) => ({ part, tables })) }, undefined, 2)
  if (process.env.BENCH_JSON !== undefined) await writeFile(process.env.BENCH_JSON, `${all}\n`)
  process.stdout.write(values.json ? `${all}\n` : `${text}${goals === '' ? '' : `\n## What is aimed at\n\n${goals}`}${about}`)
  if (failed.length > 0) process.stderr.write(`bench: ${failed.join(', ')} failed; what it says is above\n`)
  if (isStopped) process.stderr.write(`bench: stopped in the middle of ${results.at(-1)?.part ?? 'nothing'}; the tables that were whole by then are above\n`)
  for (const { part, skipped } of results) for (const reason of skipped ?? []) process.stderr.write(`bench: ${part} was left out: ${reason}\n`)
} finally {
  await rm(base, { recursive: true, force: true })
}
const isWhole = failed.length === 0 && results.every(({ skipped }) => skipped === undefined || skipped.length === 0)
process.exitCode = isStopped ? 130 : isWhole ? 0 : 1
