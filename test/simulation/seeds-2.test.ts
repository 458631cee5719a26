import { simulateSeeds } from './seeds.ts'

simulateSeeds(2501, 5000)
