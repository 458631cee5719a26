import { closeSync, openSync } from 'node:fs'
import type { Address } from '../../../src/core/address.ts'
import { aCheck, aChecker, gist } from '../checking.ts'

const openAll = (): readonly number[] => {
  const open: number[] = []
  try {
    for (;;) open.push(openSync('/dev/null', 'r'))
  } catch {
    return open
  }
}

/** A check after the last file descriptor is gone. */
export const run = async (): Promise<object> => {
  const open = openAll()
  const result = await aChecker().check(
    { url: 'http://failover.test/', address: '127.0.0.1' as Address, check: aCheck() },
    new AbortController().signal,
  )
  for (const descriptor of open) closeSync(descriptor)
  return gist(result)
}
