import { parentPort, workerData } from 'node:worker_threads'
import { createArchive } from './archive.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/** A thread of its own for the file: however slow or stuck the disk is, checks go on beside it. */
const archive = createArchive(String(workerData))

const say = (message: FromWorker): void => parentPort?.postMessage(message, [])

parentPort?.on('message', (message: ToWorker) => {
  for (const each of archive.handle(message)) say(each)
  if (message.kind === 'close') parentPort?.close()
})
