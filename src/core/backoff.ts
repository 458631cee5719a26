const firstMs = 1_000
const longestMs = 60_000
const longestAskedMs = 300_000

/**
 * Milliseconds to wait after the nth failure in a row of a provider: doubling up to a minute, with jitter between
 * half and all of it (`random` in [0, 1)). What the provider itself asks for is honoured up to five minutes.
 */
export const backoffMs = (failures: number, random: number, retryAfterMs: number | undefined): number => {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 10))
  return Math.max(full * (0.5 + random / 2), Math.min(retryAfterMs ?? 0, longestAskedMs))
}
