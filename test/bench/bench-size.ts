const runs = Number(process.env['BENCH_RUNS'] ?? Number.NaN)

/** Only to see that the bench works. */
export const isShort = process.env['BENCH_SHORT'] !== undefined

/** How often each thing is played or timed. */
export const runCount = Number.isNaN(runs) ? (isShort ? 1 : 30) : runs
