import { isDeepStrictEqual } from 'node:util'
import { patienceMs } from './patience.ts'

const pauseMs = 50

/** Looks again and again until it is so. @throws Error with what it was last */
export const untilEqual = async <T>(look: () => Promise<T>, wanted: T): Promise<void> => {
  const end = performance.now() + patienceMs
  for (;;) {
    const seen = await look()
    if (isDeepStrictEqual(seen, wanted)) return
    if (performance.now() > end) throw new Error(`not ${JSON.stringify(wanted)} within ${patienceMs / 1000} s, but ${JSON.stringify(seen)}`)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
