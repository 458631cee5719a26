import { simulateSeeds } from './seeds.ts'

simulateSeeds(3001, 4000)
