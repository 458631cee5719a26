import { inHouse } from './house.mjs'
import { machineNames, machines } from './places.mjs'
import { LabError } from './run.mjs'

/**
 * Faults of the network, as rules of the router: what they match is dropped without a word, as by a line that is dead.
 * Each fault has a priority of its own, by which it is found again; the routes stand behind all of them.
 */
const numberOf = (name) => machineNames.indexOf(name) + 1
const off = (name) => 100 + numberOf(name)
const blackholed = (name) => 200 + numberOf(name)
const cut = (one, other) => 1000 + 20 * Math.min(numberOf(one), numberOf(other)) + Math.max(numberOf(one), numberOf(other))

// By the network, not the address: a region that is rebuilt at a new one is behind the same line.
const network = (name) => `${machines[name].gateway}/24`.replace(/\.1\/24$/, '.0/24')

const removal = (priority) => `while ip rule del priority ${priority} 2>/dev/null; do :; done`
const remove = (priority) => inHouse(['/bin/sh', '-c', removal(priority)])
const add = (priority, ...selectors) =>
  inHouse(['/bin/sh', '-c', ['set -e', removal(priority), ...selectors.map((selector) => `ip rule add priority ${priority} ${selector} blackhole`)].join('\n')])

export const silence = (name) => add(off(name), `from ${network(name)}`, `to ${network(name)}`)
export const endSilence = (name) => remove(off(name))

const known = (name) => {
  if (machines[name] === undefined) throw new LabError(`"${name}" is no machine of the lab: ${machineNames.join(', ')}`)
  return name
}

export const blackhole = (name) => add(blackholed(known(name)), `from ${network(name)}`, `to ${network(name)}`)

export const cutBetween = async (one, other) => {
  if (known(one) === known(other)) throw new LabError('two different machines are needed to cut the line between them')
  await add(cut(one, other), `from ${network(one)} to ${network(other)}`, `from ${network(other)} to ${network(one)}`)
}

/** Mends all lines of a machine; of all machines if none is named. */
export const healLines = async (name) => {
  const names = name === undefined ? machineNames : [known(name)]
  const priorities = names.flatMap((one) => [blackholed(one), ...machineNames.filter((other) => other !== one).map((other) => cut(one, other))])
  await inHouse(['/bin/sh', '-c', [...new Set(priorities)].map((each) => removal(each)).join('\n')])
}

/** What is wrong with the lines now, in words. */
export const lineFaults = async () => {
  const priorities = new Set([...(await inHouse(['ip', 'rule', 'list'])).matchAll(/^(\d+):/gm)].map(([, priority]) => Number(priority)))
  const pairs = machineNames.flatMap((one, at) => machineNames.slice(at + 1).map((other) => [one, other]))
  return [
    ...machineNames.filter((name) => priorities.has(blackholed(name))).map((name) => `${name} blackholed`),
    ...pairs.filter(([one, other]) => priorities.has(cut(one, other))).map(([one, other]) => `${one} and ${other} cut from each other`),
  ]
}
