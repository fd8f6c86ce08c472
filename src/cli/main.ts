#!/usr/bin/env node
import 'reflect-metadata'
import { createProgram } from './program'
import { formatError } from './report-error'

createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    const { text, status } = formatError(error)
    process.stderr.write(text)
    process.exitCode = status
  })
