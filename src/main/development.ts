// `npm run dev`: after a change of the sources the pages are built again and web and worker start anew.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { Supervised } from './supervise.ts'

export function restartOnChange(
  root: string,
  children: readonly Supervised[],
  log: (line: string) => void,
): void {
  let timer: NodeJS.Timeout | undefined
  let isBuilding = false
  const rebuild = async () => {
    if (isBuilding) {
      timer = setTimeout(() => void rebuild(), 300)
      return
    }
    isBuilding = true
    log('The sources changed')
    const isBuilt = await build(root)
    isBuilding = false
    if (isBuilt) for (const child of children) child.restart()
    else log('The pages could not be built: web and worker stay as they were')
  }
  fs.watch(path.join(root, 'src'), { recursive: true }, (_event, name) => {
    if (!name || !/\.(ts|tsx|css|json|sql)$/.test(name) || name.endsWith('.test.ts')) return
    clearTimeout(timer)
    timer = setTimeout(() => void rebuild(), 300)
  })
}

function build(root: string): Promise<boolean> {
  const builder = path.join(root, 'scripts/build-web.mjs')
  if (!fs.existsSync(builder)) return Promise.resolve(true)
  const code = `const { buildWeb } = await import(${JSON.stringify(builder)}); await buildWeb({ log: console.error })`
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      cwd: root,
      stdio: 'inherit',
    })
    child.once('exit', (status) => resolve(status === 0))
    child.once('error', () => resolve(false))
  })
}
