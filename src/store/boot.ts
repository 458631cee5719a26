import { readFile } from 'node:fs/promises'
import { uptime } from 'node:os'
import type { Moment } from '../core/moment.ts'

/** Which start of the machine this is; the same in all of its containers. Undefined where the kernel does not say. */
export const readBootId = async (): Promise<string | undefined> => {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  return text.trim() === '' ? undefined : text.trim()
}

export const momentOf = (wallMs: number, bootId: string | undefined): Moment => ({
  wallMs,
  boot: bootId === undefined ? undefined : { id: bootId, uptimeMs: uptime() * 1000 },
})
