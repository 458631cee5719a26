export * from '../../../src/contract/bench.ts'
