import { fileURLToPath } from 'node:url'
import { machineCommand } from './machine.mjs'
import { site } from './places.mjs'
import { LabError } from './run.mjs'

const script = fileURLToPath(new URL('visitors/visit.mjs', import.meta.url))
const kinds = ['curl', 'node', 'python', 'chromium']

/** `curl=200` or only `curl`. */
const paceOf = (word) => {
  const [kind, everyMs = kind === 'chromium' ? '2000' : '500'] = word.split('=')
  if (!kinds.includes(kind) || !/^[1-9]\d+$/.test(everyMs)) throw new LabError(`"${word}": visitors are ${kinds.join(', ')}, with a pace in milliseconds, such as curl=500`)
  return `${kind}=${everyMs}`
}

/** The command that sends visitors of these kinds to the site, each with that patience, until its standard input ends. */
export const visitorsCommand = (words, { patienceMs = 10_000, atOnce = 80, expected = 'Hello' } = {}) =>
  machineCommand('client', [process.execPath, script, `http://${site}/`, (words.length === 0 ? kinds : words).map(paceOf).join(','), String(patienceMs), expected, String(atOnce)])
