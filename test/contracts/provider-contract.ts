export * from '../../src/contract/provider-contract.ts'
