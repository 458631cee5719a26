import { InvalidArgumentError } from 'commander'
import { parseDuration } from '../config/duration.ts'

/** Milliseconds from an option's text. @throws InvalidArgumentError, which commander turns into wrong usage. */
export const durationOption = (text: string): number => {
  const parsed = parseDuration(text)
  if (!parsed.ok) throw new InvalidArgumentError(parsed.message)
  return parsed.value
}
