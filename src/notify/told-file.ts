import { readFileSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { replaceFile } from '../files/replace-file.ts'
import type { Log } from './log.ts'
import { Told, type ToldMemory, toldOf } from './told.ts'

const Document = z.object({ version: z.literal(1), open: z.array(Told) })

/** More are not remembered: what is open beyond these is not closed after a restart. */
const mostOpen = 1_000
const mostBytes = 4_194_304

/** So long a disk has at the end: the history wants to be written as well. */
const closeMs = 500

const idOf = ({ target, key }: Pick<Told, 'target' | 'key'>): string => JSON.stringify([target, key])
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const read = (file: string, log: Log): readonly Told[] => {
  const facts = { event: 'alerts' }
  try {
    if (statSync(file).size > mostBytes) throw new Error(`it has more than ${mostBytes} bytes`)
    return Document.parse(JSON.parse(readFileSync(file, 'utf8'))).open.slice(0, mostOpen)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    const why = error instanceof z.ZodError ? 'it is not of this shape' : textOf(error)
    log('warn', `${file} cannot be read: ${why}. Alerts that were open before the start are not ended unless they begin anew; the file is written anew with the next alert`, facts)
    return []
  }
}

/** Keeps what targets were told in a file of the state directory, replaced as a whole. */
export const createToldFile = (file: string, log: Log): ToldMemory => {
  const before = read(file, log)
  const open = new Map(before.map((told) => [idOf(told), told]))
  let isChanged = false
  let isFull = false
  let isTroubled = false
  let saving: Promise<void> | undefined

  const say = (text: string): void => {
    if (!isTroubled) log('warn', `what alerts are open cannot be kept: ${text}; those that end while the service does not run will not be told to be over`, { event: 'alerts' })
    isTroubled = true
  }

  const save = async (): Promise<void> => {
    while (isChanged) {
      isChanged = false
      try {
        // One after the other, each with all that is known then.
        // oxlint-disable-next-line no-await-in-loop
        await replaceFile(file, `${JSON.stringify({ version: 1, open: [...open.values()] })}\n`, true)
        isTroubled = false
      } catch (error) {
        say(textOf(error))
      }
    }
  }

  const changed = (): void => {
    isChanged = true
    saving ??= save().finally(() => {
      saving = undefined
    })
  }

  return {
    before,
    opened: (target, alert) => {
      const told = toldOf(target, alert)
      if (told === undefined || open.has(idOf(told))) return
      if (open.size >= mostOpen) {
        if (!isFull) log('warn', `more than ${mostOpen} alerts are open; of the others it is not remembered over a restart that they were told`, { event: 'alerts' })
        isFull = true
        return
      }
      open.set(idOf(told), told)
      changed()
    },
    closed: (target, key) => {
      isFull = false
      if (open.delete(idOf({ target, key }))) changed()
    },
    keep: (targets) => {
      const gone = [...open].filter(([, { target }]) => !targets.includes(target))
      for (const [id] of gone) open.delete(id)
      if (gone.length > 0) changed()
    },
    close: async () => {
      const over = new AbortController()
      await Promise.race([saving, sleep(closeMs, undefined, { signal: over.signal }).catch(() => undefined)])
      over.abort()
    },
  }
}
