import { simulateSeeds } from './seeds.ts'

simulateSeeds(2001, 3000)
