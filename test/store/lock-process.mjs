// A process of its own that takes the lock of argv[2] as argv[3], says what came of it, and holds it until its input ends.
import { acquireLock } from '../../dist/store/lock.js'

const outcome = await acquireLock(process.argv[2], { command: process.argv[3] })
process.stdout.write(`${JSON.stringify(outcome.kind === 'held' ? { kind: 'held' } : outcome)}\n`)
if (outcome.kind === 'held') {
  for await (const _ of process.stdin);
  await outcome.release()
}
