import { createSocket } from 'node:dgram'
import { decode, encode } from 'dns-packet'
import { monotonicMs } from './process-cost.ts'

const roundMs = 200

/**
 * Asks a name server for many names, every 200 ms, each until its answer is so. Resolves with when each first was, monotonic
 * milliseconds; undefined: not within `longestMs`. At most 65,536 names.
 */
export const sweepNames = async (host: string, port: number, names: readonly string[], isSo: (values: readonly string[], index: number) => boolean, longestMs: number): Promise<readonly (number | undefined)[]> => {
  const questions = names.map((name, id) => encode({ type: 'query', id, questions: [{ name, type: 'A' }] }))
  const seen = Array<number | undefined>(names.length).fill(undefined)
  const open = new Set(names.keys())
  const socket = createSocket('udp4')
  socket.on('error', () => undefined)
  await new Promise<void>((resolve) => socket.connect(port, host, resolve))
  socket.on('message', (message) => {
    const index = message.readUInt16BE(0)
    if (!open.has(index)) return
    const values = (decode(message).answers ?? []).flatMap((record) => (record.type === 'A' ? [record.data] : []))
    if (!isSo(values, index)) return
    seen[index] = monotonicMs()
    open.delete(index)
  })
  const until = monotonicMs() + longestMs
  while (open.size > 0 && monotonicMs() < until) {
    for (const index of open) socket.send(questions[index] ?? '', () => undefined)
    await new Promise((resolve) => setTimeout(resolve, roundMs))
  }
  socket.close()
  return seen
}
