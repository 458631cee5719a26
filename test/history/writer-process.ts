import { performance } from 'node:perf_hooks'
import { createHistory } from '../../src/history/create-history.ts'
import { checked, down, lineOf, passed } from './samples.ts'

/** Writes 400 events a second, far more than there ever are, until it is killed. Arguments: the file, the worker. */
const [, , file = '', worker = ''] = process.argv
const dayMs = 86_400_000

const history = createHistory({
  file,
  workerUrl: new URL(worker),
  retention: { eventsMs: dayMs, minutesMs: dayMs, hoursMs: dayMs },
  now: () => performance.now(),
  wallNow: () => Date.now(),
  toWall: (ms) => performance.timeOrigin + ms,
  log: (level, message) => void process.stdout.write(`${level} ${message}\n`),
  lineOf,
})

history.follow(undefined, ({ id }) => void process.stdout.write(`${id}\n`), new AbortController().signal)
setInterval(() => {
  for (let index = 0; index < 4; index++) {
    history.engine(down())
    history.engine(checked(passed(5)))
  }
}, 10)
