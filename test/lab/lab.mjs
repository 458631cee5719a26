#!/usr/bin/env node
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { obstacle } from './available.mjs'
import { blackhole, cutBetween, healLines } from './faults.mjs'
import { razeHouse } from './house.mjs'
import { lockLab } from './lock.mjs'
import { onMachineHere } from './machine.mjs'
import { manageHere } from './manager.mjs'
import { isRegion, machineNames, machines, regions } from './places.mjs'
import { powerOff, reboot, rebuild, start } from './power.mjs'
import { LabError, runHere } from './run.mjs'
import { status } from './status.mjs'
import { up } from './up.mjs'
import { visitorsCommand } from './visiting.mjs'
import { breakWeb, freeze, healWeb, kill, unfreeze } from './web-faults.mjs'

const help = `npm run lab -- VERB ...        (as root; all of it in network namespaces of its own)

  up [--no-manager] [--two-way] [--star] [--delay=1s]
                        three regions (${regions.join(', ')}), a name server, a resolver, a client, a manager
  down                  ends all of it; leaves nothing, also after a crash
  hold                  waits until its standard input ends, then as down: a lab that does not outlive who asked for it
  status                machines, pages, heartbeats, and what the name server and the resolver answer
  exec MACHINE CMD...   runs a command there, e.g. exec client curl -s http://failover.example.test/
  start REGION          switches it on, or starts what was killed
  poweroff MACHINE      a power cut: silence
  reboot REGION         stops its services, and switches it off and on
  rebuild REGION ADDRESS   a new server, with an empty disc, at another address of the region's network
  kill REGION           its web server is dead: connections are refused
  freeze, unfreeze REGION  its web server takes connections and never answers
  break REGION          its web server answers 500
  blackhole MACHINE     every packet from and to it is lost
  cut A B               every packet between these two is lost
  visit [KIND[=MS]...]  fresh visitors (curl, node, python, chromium) every so many ms, one line each, until Ctrl-D
                        --patience=MS: how long each waits; --at-once=N: of a kind
  manage VERB...        dns-failover VERB on the manager, e.g. manage drain ams --for 1h --wait
  heal [MACHINE]        ends freeze, break, blackhole and cut; of all machines if none is named
  check                 whether it can be built here
  hazards               the long ones: what outages do to the replication

Machines: ${machineNames.join(', ')}. A second lab beside the first: LAB_NAME=other npm run lab -- up
`

const say = (text) => void process.stdout.write(`${text}\n`)
const fail = (text, code) => {
  process.stderr.write(`lab: ${text}\n`)
  process.exit(code)
}
const usage = (text) => fail(`${text}\n\n${help}`, 64)

const machine = (name) => (machines[name] === undefined ? usage(`"${name ?? ''}" is no machine; there are ${machineNames.join(', ')}`) : name)
const region = (name) => (isRegion(name) ? name : usage(`"${name ?? ''}" is no region; there are ${regions.join(', ')}`))

const upOptions = (options) => {
  const unknown = options.find((each) => !/^--(no-manager|two-way|star|delay=\d+s)$/.test(each))
  if (unknown !== undefined) usage(`up has no option "${unknown}"`)
  const [isTwoWay, isStar] = ['--two-way', '--star'].map((each) => options.includes(each))
  const delay = options.find((each) => each.startsWith('--delay='))?.slice('--delay='.length)
  return { isManaged: !options.includes('--no-manager'), mode: isTwoWay || isStar ? 'two-way' : 'single-writer', topology: isStar ? 'star' : 'mesh', ...(delay === undefined ? {} : { delay }) }
}

const verbs = {
  up: async (...options) => {
    await lockLab()
    await up(upOptions(options), say)
  },
  down: async () => {
    await lockLab()
    say((await razeHouse()) ? 'the lab is gone' : 'there was no lab')
  },
  hold: async () => {
    await once(process.stdin.resume(), 'end')
    // An "up" that is at work is let end: it would go on building.
    await lockLab(200_000)
    await razeHouse()
  },
  status: async () => say(await status()),
  exec: async (name, ...command) => process.exit(await onMachineHere(machine(name), command.length === 0 ? ['/bin/bash'] : command)),
  start: (name) => start(machine(name)),
  poweroff: (name) => powerOff(machine(name)),
  reboot: (name) => reboot(region(name)),
  rebuild: (name, address) => rebuild(region(name), address ?? usage('rebuild needs an address')),
  kill: (name) => kill(region(name)),
  freeze: (name) => freeze(region(name)),
  unfreeze: (name) => unfreeze(region(name)),
  break: (name) => breakWeb(region(name)),
  blackhole: (name) => blackhole(machine(name)),
  cut: (one, other) => cutBetween(machine(one), machine(other)),
  heal: async (name) => {
    const names = name === undefined ? machineNames : [machine(name)]
    await healLines(name)
    await Promise.all(names.filter(isRegion).map((each) => healWeb(each)))
  },
  visit: async (...words) => {
    const number = (option) => words.map((each) => new RegExp(`^--${option}=(\\d+)$`).exec(each)).find((each) => each !== null)?.[1]
    const options = { ...(number('patience') === undefined ? {} : { patienceMs: Number(number('patience')) }), ...(number('at-once') === undefined ? {} : { atOnce: Number(number('at-once')) }) }
    const [file, ...args] = visitorsCommand(words.filter((each) => !/^--(patience|at-once)=\d+$/.test(each)), options)
    process.exit(await runHere(file, args))
  },
  manage: async (...args) => process.exit(await manageHere(args)),
  hazards: async (...options) => {
    const root = fileURLToPath(new URL('../../', import.meta.url))
    process.chdir(root)
    process.exit(await runHere(process.execPath, [`${root}node_modules/vitest/vitest.mjs`, 'run', '--config', 'test/lab/hazards/vitest.config.ts', ...options]))
  },
  check: () => say('the lab can be built here'),
  help: () => say(help),
}

const [verb = 'help', ...rest] = process.argv.slice(2)
const does = verbs[verb] ?? usage(`there is no verb "${verb}"`)
const inTheWay = process.getuid() !== 0 || ['up', 'hazards', 'check'].includes(verb) ? obstacle() : undefined
if (verb !== 'help' && inTheWay !== undefined) fail(inTheWay, 1)

try {
  await does(...rest)
} catch (error) {
  if (!(error instanceof LabError)) throw error
  fail(error.message, error.exitCode)
}
