import { simulateSeeds } from './seeds.ts'

// 8668: after a lost state, with the line cut, an outside monitor's override published what nobody here had ever seen pass.
simulateSeeds(8651, 8700, 'spread')
// 30576: after a restart while the provider was away a verdict was forgotten, and a tie published what had been judged down.
simulateSeeds(30571, 30580, 'spread')
// 20575: a one-shot called an address that fails every other check down in one run and undecided in the next, and a standby came and went with it.
simulateSeeds(20571, 20580)
// 20799: forced up in the middle of a drain, a region forgot the server that it had led to before, and was called safe while caches still had it.
simulateSeeds(20795, 20799)
