// Formats every file and sorts its imports.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome')
const done = spawnSync(process.execPath, [biome, 'check', '--write', '.'], { cwd: root, stdio: 'inherit' })
process.exit(done.status ?? 1)
