#!/usr/bin/env node
import { dnsFailover } from './program.ts'
import { runProgram } from './run-program.ts'

await runProgram(dnsFailover)
