// Runs on a machine in place of systemd, which has no place in a namespace: the same unit files, the same commands, in the
// same order. Sandboxing directives have no effect here. One request a connection, one JSON line there and one back.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createService } from './service.mjs'
import { createTimer } from './timer.mjs'
import { loadUnit, unitExists } from './unit-file.mjs'

const enabledFolder = '/etc/systemd/lab.wants'
const say = (text) => void process.stderr.write(`${new Date().toISOString()} ${text}\n`)
const units = new Map()
const full = (name) => (/\.(service|timer)$/.test(name) ? name : `${name}.service`)

const unitOf = (name) => {
  const found = units.get(name) ?? (name.endsWith('.timer') ? createTimer(name, (service) => start(service), say) : createService(name, say, (again) => start(again)))
  units.set(name, found)
  return found
}

const isOurs = (name) => /\.(service|timer)$/.test(name) && unitExists(name)

/** Starts what is named and what it requires or wants, each after what it is to come after. */
const startAll = async (names) => {
  const jobs = new Map()
  const collect = (name) => {
    if (jobs.has(name)) return
    jobs.set(name, undefined)
    const unit = loadUnit(name)
    for (const each of [...unit.words('Unit.Requires'), ...unit.words('Unit.BindsTo'), ...unit.words('Unit.Wants')].filter(isOurs)) collect(each)
  }
  for (const name of names) collect(name)
  const predecessors = (name) => {
    const own = loadUnit(name).words('Unit.After')
    const others = [...jobs.keys()].filter((each) => loadUnit(each).words('Unit.Before').includes(name))
    return [...new Set([...own, ...others])].filter((each) => jobs.has(each) && each !== name)
  }
  const begin = (name) => {
    const running = jobs.get(name)
    if (running !== undefined) return running
    const job = (async () => {
      await Promise.allSettled(predecessors(name).map((each) => begin(each)))
      const needed = [...loadUnit(name).words('Unit.Requires'), ...loadUnit(name).words('Unit.BindsTo')].filter((each) => jobs.has(each))
      for (const each of needed) await begin(each).catch((error) => Promise.reject(new Error(`${name}: a dependency failed: ${error.message}`)))
      await unitOf(name).start()
    })()
    job.catch((error) => say(error.message))
    jobs.set(name, job)
    return job
  }
  const ends = await Promise.allSettled(names.map((name) => begin(name)))
  const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.message] : []))
  if (failed.length > 0) throw new Error(failed.join('; '))
}

const start = (name) => startAll([name])
const enabled = () => (existsSync(enabledFolder) ? readdirSync(enabledFolder) : [])

const verbs = {
  start: ({ unit }) => start(unit),
  stop: ({ unit }) => unitOf(unit).stop(),
  restart: async ({ unit }) => {
    await unitOf(unit).stop()
    await start(unit)
  },
  reload: ({ unit }) => unitOf(unit).reload(),
  kill: ({ unit }) => unitOf(unit).kill(),
  freeze: ({ unit }) => unitOf(unit).signal('SIGSTOP'),
  unfreeze: ({ unit }) => unitOf(unit).signal('SIGCONT'),
  enable: ({ unit }) => {
    loadUnit(unit)
    mkdirSync(enabledFolder, { recursive: true })
    writeFileSync(`${enabledFolder}/${unit}`, '')
  },
  disable: ({ unit }) => rmSync(`${enabledFolder}/${unit}`, { force: true }),
  boot: () => startAll(enabled()),
  units: () => ({ units: [...new Set([...enabled(), ...units.keys()])].toSorted().map((name) => ({ name, state: unitOf(name).state(), processes: unitOf(name).processes(), isEnabled: enabled().includes(name) })) }),
}

const answer = async (line) => {
  const request = JSON.parse(line)
  const verb = verbs[request.verb]
  if (verb === undefined) throw new Error(`unknown verb ${request.verb}`)
  return (await verb({ ...request, unit: request.unit === undefined ? undefined : full(request.unit) })) ?? {}
}

const server = createServer((socket) => {
  let text = ''
  socket.on('error', () => undefined)
  socket.setEncoding('utf8').on('data', (part) => {
    text += part
    if (!text.endsWith('\n')) return
    answer(text).then(
      (value) => socket.end(JSON.stringify(value)),
      (error) => socket.end(JSON.stringify({ error: error.message })),
    )
  })
})

// Installation steps find a systemctl, and take this for a machine that systemd runs.
mkdirSync('/run/systemd/system', { recursive: true })
mkdirSync('/usr/local/sbin', { recursive: true })
writeFileSync('/usr/local/sbin/systemctl', `#!/bin/sh\nexec '${process.execPath}' '${fileURLToPath(new URL('systemctl.mjs', import.meta.url))}' "$@"\n`, { mode: 0o755 })
server.listen(process.argv[2])
