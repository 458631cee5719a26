import { simulateSeeds } from './seeds.ts'

simulateSeeds(5001, 7500)
