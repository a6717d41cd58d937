// Two branches that each took the next number are only seen together where both have landed.
import path from 'node:path'
import { readMigrations } from '../src/platform/migrate.ts'

try {
  await readMigrations(path.resolve(import.meta.dirname, '../migrations'))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
