import { z } from 'zod'
import { flag } from './leaf.ts'
import { duration } from './value-leaf.ts'

const hour = 3_600_000
const day = 24 * hour

export const HistoryInput = z
  .strictObject({
    keep: flag().prefault(true).describe('Keep a history in the state directory.'),
    events: duration(day, 3650 * day).prefault('90d').describe('How long events are kept: what happened, was decided and written, and who ordered it.'),
    minutes: duration(2 * hour, 366 * day).prefault('8d').describe("How long each minute's summary of the checks is kept."),
    hours: duration(day, 3650 * day).prefault('400d').describe("How long each hour's summary of the checks is kept."),
  })
  .prefault({})
  .describe('What is remembered for reports.')
export type HistoryInput = z.output<typeof HistoryInput>
