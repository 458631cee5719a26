import { simulateSeeds } from './seeds.ts'

simulateSeeds(7501, 10000)
