import { simulateSeeds } from './seeds.ts'

simulateSeeds(1801, 2400)
