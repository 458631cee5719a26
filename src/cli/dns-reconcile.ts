#!/usr/bin/env node
import { reconcileCommand } from './reconcile-command.ts'
import { runProgram } from './run-program.ts'
import { readVersion } from './version.ts'

await runProgram((invocation) => reconcileCommand('dns-reconcile', 'dns-reconcile', invocation).version(readVersion()))
