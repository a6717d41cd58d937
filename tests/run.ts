// `npm test`: types and arrows first, then every test on one database server. With file names as arguments only those
// run, without the checks. The last lines are the test runner's own.
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { databaseUrl } from '#platform/postgres/address.ts'
import { prepareTemplate, startTestServer } from './support/database.ts'

const root = path.resolve(import.meta.dirname, '..')
const asked = process.argv.slice(2)

if (asked.length === 0) {
  const checked = spawnSync(process.execPath, ['scripts/check.mjs', 'quick'], { cwd: root, stdio: 'inherit' })
  if (checked.status !== 0) process.exit(1)
}

const files = asked.length > 0 ? asked : testFiles()
if (files.length === 0) {
  console.error('There are no tests to run.')
  process.exit(1)
}
const server = await startTestServer()
await prepareTemplate(server.address)
const child = spawn(
  process.execPath,
  // Half an hour for a file that hangs would be the whole time CI has.
  ['--test', '--test-concurrency=2', '--test-timeout=600000', '--test-force-exit', ...files],
  { cwd: root, stdio: 'inherit', env: { ...process.env, TEST_DATABASE_URL: databaseUrl(server.address) } },
)
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => child.kill(name))
process.on('disconnect', () => child.kill('SIGTERM'))
const code = await new Promise<number>((resolve) => {
  child.once('exit', (status) => resolve(status ?? 1))
})
if (!server.adopted) await server.stop()
process.exit(code)

function testFiles(): string[] {
  return ['src', 'emulators', 'tests']
    .filter((room) => fs.existsSync(path.join(root, room)))
    .flatMap((room) =>
      fs
        .readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.test.ts'))
        .map((name) => path.join(room, name)),
    )
    .sort()
}
