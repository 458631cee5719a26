// The few verbs of systemctl that installation steps and operators use, passed on to the machine's supervisor.
import { connect } from 'node:net'

const ask = (request) =>
  new Promise((resolve, reject) => {
    let text = ''
    const socket = connect('/run/lab/control.sock')
    socket.setEncoding('utf8').on('data', (part) => (text += part))
    socket.on('error', reject)
    socket.on('end', () => resolve(JSON.parse(text)))
    socket.write(`${JSON.stringify(request)}\n`)
  })

const fail = (text, code = 1) => {
  process.stderr.write(`systemctl (lab): ${text}\n`)
  process.exit(code)
}

const all = process.argv.slice(2)
const isNow = all.includes('--now')
const [verb, ...names] = all.filter((each) => !each.startsWith('-'))
const does = {
  enable: isNow ? ['enable', 'start'] : ['enable'],
  disable: isNow ? ['disable', 'stop'] : ['disable'],
  start: ['start'],
  stop: ['stop'],
  restart: ['restart'],
  reload: ['reload'],
  'reload-or-restart': ['restart'],
  // The lab's own: dead, and not started again by its unit's Restart=.
  'kill-for-good': ['kill'],
  'daemon-reload': [],
  'reset-failed': [],
}

if (verb === 'is-active' || verb === 'is-enabled' || verb === 'status') {
  const { units } = await ask({ verb: 'units' })
  const named = names.map((name) => (/\.(service|timer)$/.test(name) ? name : `${name}.service`))
  const states = named.map((name) => units.find((each) => each.name === name)).map((unit) => (verb === 'is-enabled' ? (unit?.isEnabled === true ? 'enabled' : 'disabled') : (unit?.state ?? 'inactive')))
  if (!all.includes('--quiet') && !all.includes('-q')) process.stdout.write(`${states.join('\n')}\n`)
  process.exit(states.every((state) => state === 'active' || state === 'enabled') ? 0 : 3)
}
if (does[verb] === undefined) fail(`the lab does not know "${verb}"`, 64)
for (const name of names)
  for (const each of does[verb]) {
    const { error } = await ask({ verb: each, unit: name })
    if (error !== undefined) fail(error)
  }
