import { simulateSeeds } from './seeds.ts'

simulateSeeds(601, 1200)
