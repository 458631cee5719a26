// What vitest's JSON reports say, for .ci/run: `node .ci/results.mjs ASK REPORT...`. A test that stands in several of
// them counts once, as the last one has it; a report that is not there says nothing.
import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

const [ask, ...reports] = process.argv.slice(2)

/** A case of a contract about something that the provider declares that it lacks was not skipped. */
const isSkipped = ({ status, meta }) => !['passed', 'failed', 'kept from running'].includes(status) && meta?.lacks === undefined

/** By file and name. */
const results = new Map()
/** Files of which a test failed, or that could not be run at all. */
const failedFiles = new Map()
for (const report of reports.filter(existsSync)) {
  for (const { name, status, message, assertionResults } of JSON.parse(readFileSync(report, 'utf8')).testResults) {
    const file = relative(process.cwd(), name)
    // Where a hook fails, vitest calls the tests skipped that it kept from running.
    const keptFromRunning = (each) => status === 'failed' && isSkipped(each)
    for (const each of assertionResults) results.set(`${file} > ${each.fullName}`, keptFromRunning(each) ? { ...each, status: 'kept from running' } : each)
    if (status === 'failed') failedFiles.set(file, assertionResults.some((each) => each.status === 'failed') ? undefined : message || 'a hook of it failed: see what its phase has said')
    else failedFiles.delete(file)
  }
}

const withStatus = (...statuses) => [...results].filter(([, { status }]) => statuses.includes(status))
/** Enough of a message to know what happened, where the log is cut short. */
const beginning = (message) => message.split('\n').slice(0, 6).map((line) => `    ${line.slice(0, 300)}`).join('\n')

const answers = {
  passed: () => withStatus('passed').length,
  failed: () => withStatus('failed', 'kept from running').length,
  skipped: () => [...results.values()].filter(isSkipped).length,
  'failed-files': () => [...failedFiles.keys()].join('\n'),
  failures: () =>
    [
      ...withStatus('failed').map(([name, { failureMessages }]) => `  ${name}\n${beginning(failureMessages?.[0] ?? '')}`),
      ...[...failedFiles].flatMap(([file, message]) => (message === undefined ? [] : [`  ${file}\n${beginning(message)}`])),
    ].join('\n'),
}

const answer = answers[ask]
if (answer === undefined) {
  process.stderr.write(`node .ci/results.mjs ${Object.keys(answers).join('|')} REPORT...\n`)
  process.exit(64)
}
const text = `${answer()}`
if (text !== '') process.stdout.write(`${text}\n`)
