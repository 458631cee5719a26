import { simulateSeeds } from './seeds.ts'

simulateSeeds(1201, 1800)
