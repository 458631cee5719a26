import { simulateSeeds } from './seeds.ts'

simulateSeeds(1001, 2000)
