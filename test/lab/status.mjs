import { lineFaults } from './faults.mjs'
import { ask, machinePid, onMachine } from './machine.mjs'
import { machineNames, regions, site } from './places.mjs'
import { authoritative, resolved } from './name-servers.mjs'
import { addressOf } from './power.mjs'

/** What one page of a region's web server says, as a visitor of that address gets it. */
export const fetchFrom = async (region, path, { from = 'client', seconds = 1 } = {}) => {
  const text = await onMachine(from, ['curl', '--silent', '--max-time', String(seconds), '--header', `Host: ${site}`, '--write-out', '\n%{http_code}', `http://${addressOf(region)}${path}`]).catch((error) => error.message)
  const [, body, status] = /^([\s\S]*)\n(\d{3})$/.exec(text) ?? [undefined, '', '000']
  return { status: Number(status), body }
}

const unitWords = ({ units }) =>
  units
    .filter(({ state, isEnabled }) => isEnabled || state !== 'inactive')
    .map(({ name, state, processes }) => `${name.replace(/\.service$/, '')} ${state}${processes > 0 ? ` (${processes})` : ''}`)
    .join(', ')

const machineState = async (name) => {
  if (machinePid(name) === undefined) return 'off'
  return unitWords(await ask(name, { verb: 'units' }).catch((error) => ({ units: [{ name: error.message, state: '?', isEnabled: true, processes: 0 }] })))
}

const heartbeat = async (region, writer, path) => {
  const { status, body } = await fetchFrom(region, `${path}/${writer}.json`)
  if (status !== 200) return status === 0 ? 'silent' : String(status)
  try {
    const beat = JSON.parse(body)
    return `${beat.counter} of ${beat.writtenAt}`
  } catch {
    return 'unreadable'
  }
}

/** All there is to see of a running lab. */
export const status = async () => {
  const faults = await lineFaults()
  const [published, cached] = await Promise.all([authoritative(), resolved()])
  const words = (values) => (values === undefined ? 'no answer' : values.map((value) => `${regions.find((region) => addressOf(region) === value) ?? '?'} ${value}`).join(', ') || 'nothing')
  const machineLines = await Promise.all(machineNames.map(async (name) => `  ${name.padEnd(9)}${addressOf(name).padEnd(15)}${await machineState(name)}`))
  const pages = await Promise.all(
    regions.map(async (region) => {
      const { status: code } = await fetchFrom(region, '/')
      const beats = await Promise.all(regions.map(async (writer) => `${writer}: ${await heartbeat(region, writer, '/.dns-failover')}`))
      return `  ${region.padEnd(9)}${code === 0 ? 'silent' : code}   heartbeats: ${beats.join(', ')}`
    }),
  )
  return ['machines', ...machineLines, 'pages', ...pages, `${site} is`, `  ${words(published)}   at its name server`, `  ${words(cached)}   at the visitors' resolver`, 'lines', ...(faults.length === 0 ? ['  all good'] : faults.map((each) => `  ${each}`))].join('\n')
}
