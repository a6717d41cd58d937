// `npm test`: types and arrows first, then every test on one database server. With file names as arguments only those
// run, without the checks. The last lines are the test runner's own.
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { databaseUrl } from '#platform/postgres/address.ts'
import { unpackBrowser } from './support/browser.ts'
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
// Once for all, before test files that share it run beside one another.
if (files.some((file) => file.includes('browser'))) await unpackBrowser()
const server = await startTestServer()
await prepareTemplate(server.address)
const child = spawn(process.execPath, [path.join(root, 'tests/support/run-in-order.ts'), ...files], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    TEST_DATABASE_URL: databaseUrl(server.address),
    // A hundred files and as many workers load the same modules: their code is compiled once.
    NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/compiled'),
  },
})
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
    .sort((one, other) => rank(one) - rank(other) || one.localeCompare(other))
}

/** What takes minutes begins first, so that nothing long is left at the end with a processor idle beside it. */
function rank(file: string): number {
  return file.includes('kills') ? 0 : file.includes('operations') ? 1 : file.includes('browser') ? 2 : 3
}
