import { simulateSeeds } from './seeds.ts'

// 8668: after a lost state, with the line cut, an outside monitor's override published what nobody here had ever seen pass.
simulateSeeds(8651, 8700, true)
