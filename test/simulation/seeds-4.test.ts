import { simulateSeeds } from './seeds.ts'

simulateSeeds(4501, 6000)
