/** What is waited for comes in this time even on a machine that others keep busy. Milliseconds. */
export const patienceMs = 60_000
