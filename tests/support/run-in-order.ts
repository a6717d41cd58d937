// Runs the files it is given in their order, which `node --test` would change to that of the alphabet.
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

run({
  files: process.argv.slice(2),
  concurrency: 2,
  // Half an hour for a file that hangs would be the whole time CI has.
  timeout: 600_000,
  execArgv: ['--test-force-exit'],
})
  .on('test:fail', () => {
    process.exitCode = 1
  })
  .compose(spec)
  .pipe(process.stdout)
