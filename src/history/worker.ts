import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { createArchive } from './archive.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/** V8 lets the young part of every thread's heap grow again whenever a thread begins: see `cli/lean-heap.ts`. */
setFlagsFromString('--semi-space-growth-factor=1')

/** A thread of its own for the file: however slow or stuck the disk is, checks go on beside it. */
const archive = createArchive(String(workerData))

const say = (message: FromWorker): void => parentPort?.postMessage(message, [])

parentPort?.on('message', (message: ToWorker) => {
  for (const each of archive.handle(message)) say(each)
  if (message.kind === 'close') parentPort?.close()
})
