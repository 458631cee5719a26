import { processIo } from '../cli/process-io.ts'
import { styleOf } from '../cli/render/style.ts'
import { systemClock } from '../engine/clock.ts'
import { type DemoOptions, readCommandLine } from './command-line.ts'
import { watchEndOfProcess } from './end-of-process.ts'
import { playLive } from './live/play-live.ts'
import { runScript } from './run-script.ts'
import { usageReport } from './script-report.ts'
import { settingsFor } from './settings.ts'

/** How long the process may linger on what does not end by itself. */
const lingerMs = 500

const run = async ({ script, json, port, dashboardPort, everyMs }: DemoOptions): Promise<number> => {
  const { env, stdin, stdout } = process
  const io = processIo(env, { color: true })
  const { signal, onCrash } = watchEndOfProcess()
  const common = { settings: settingsFor(everyMs), firstDnsPort: port, firstDashboardPort: dashboardPort, style: styleOf(io.color), clock: systemClock, onCrash }
  const isTerminal = stdin.isTTY && stdout.isTTY && env['TERM'] !== 'dumb'
  if (script || !isTerminal) {
    const report = await runScript({ ...common, style: styleOf(io.color && !json), write: json ? io.stderr : io.stdout }, signal)
    if (json) io.stdout(`${JSON.stringify(report, undefined, 2)}\n`)
    return report.exitCode
  }
  try {
    await playLive({ ...common, stdin, stdout, write: io.stdout }, signal)
    io.stdout('The demo has ended: its servers are stopped, its files removed.\nIt can also play by itself: npm run demo -- --script\n')
    return 0
  } catch (error) {
    io.stderr(`error: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

const main = async (): Promise<number> => {
  // A reader that has gone away is no error of ours.
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
  const { stdout, stderr } = processIo(process.env, { color: false })
  const line = readCommandLine(process.argv.slice(2), { out: stdout, err: stderr })
  switch (line.kind) {
    case 'run':
      return run(line.options)
    case 'answered':
      return 0
    case 'wrong-usage': {
      const report = usageReport(line.message)
      if (process.argv.includes('--json')) stdout(`${JSON.stringify(report, undefined, 2)}\n`)
      return report.exitCode
    }
  }
}

process.exitCode = await main()
setTimeout(() => process.exit(), lingerMs).unref()
