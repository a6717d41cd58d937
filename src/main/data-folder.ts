import fs from 'node:fs'
import path from 'node:path'

/** Makes a folder and those above it. (`recursive` of Node never ends where a parent takes no folders, as in /proc.) */
export function makeFolder(folder: string): void {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  const parent = path.dirname(folder)
  if (parent !== folder) makeFolder(parent)
  fs.mkdirSync(folder)
}
