import { simulateSeeds } from './seeds.ts'

simulateSeeds(1501, 3000)
