const hourMs = 3_600_000

/**
 * When the next message may go, with `sentAt` of the latest ones, oldest first: never more than `perHour` within any hour.
 * Half of them may go as they come; the rest is spread over the hour, so that after a flood nobody waits an hour for the
 * next word. Half of an hour's number and as many as fit between at that distance make no more than the number.
 */
export const mayGoAt = (sentAt: readonly number[], perHour: number, now: number): number => {
  const half = Math.ceil(perHour / 2)
  const within = sentAt.filter((at) => at > now - hourMs)
  const last = within.at(-1)
  return last === undefined || within.length < half ? now : Math.max(now, last + hourMs / (perHour - half + 1))
}

/** What of `sentAt` still matters once a message has gone. */
export const withSent = (sentAt: readonly number[], now: number, perHour: number): readonly number[] => [...sentAt.filter((at) => at > now - hourMs), now].slice(-perHour)
