// Format, types, lint, arrows and the numbers of migrations: what a change must satisfy before its tests are worth running. `quick` leaves out
// format and lint.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const rooms = ['src', 'emulators'].filter((room) => fs.existsSync(path.join(root, room)))
const all = [
  { name: 'format', run: ['@biomejs/biome/bin/biome', 'check', '.'] },
  { name: 'types', run: ['typescript/bin/tsc', '-p', 'tsconfig.json'], quick: true },
  { name: 'lint', run: ['eslint/bin/eslint.js', '.', '--max-warnings=0'] },
  {
    name: 'arrows',
    run: ['dependency-cruiser/bin/dependency-cruiser.mjs', '--config', '.dependency-cruiser.cjs', ...rooms],
    quick: true,
  },
  { name: 'migrations', run: ['../scripts/check-migrations.mjs'], quick: true },
]

const isQuick = process.argv.includes('quick')
const failed = all
  .filter((step) => step.quick || !isQuick)
  .filter((step) => {
    const [program, ...args] = step.run
    console.log(`— ${step.name}`)
    const done = spawnSync(process.execPath, [path.join(root, 'node_modules', program), ...args], {
      cwd: root,
      stdio: 'inherit',
    })
    return done.status !== 0
  })
if (failed.length > 0) {
  console.error(`\nNot in order: ${failed.map((step) => step.name).join(', ')}.`)
  process.exit(1)
}
