import * as fc from 'fast-check'

/** Properties try the same values at each run, so that a change is judged by itself. `FUZZ_SEED=n` tries others. */
fc.configureGlobal({ seed: Number(process.env['FUZZ_SEED'] ?? 1) })
