// Who works in a data folder. `postmaster.pid` is what the server says of itself; the process list is what is true:
// after a kill the file may name a process that is gone, or a stranger that was given its number.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

export type Postmaster = {
  readonly pid: number
  readonly port: number
  readonly socketFolder: string
  readonly status: string
}

/** What `postmaster.pid` says; undefined where there is none or it is still being written. */
export function readPostmaster(dataDir: string): Postmaster | undefined {
  let text: string
  try {
    text = fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8')
  } catch {
    return undefined
  }
  const lines = text.split('\n').map((line) => line.trim())
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return { pid, port: Number(lines[3]), socketFolder: lines[4] ?? '', status: lines[7] ?? 'starting' }
}

/** The processes of a server of this folder: the postmaster's, and those a killed postmaster left behind. */
export function processesIn(dataDir: string): number[] {
  const folder = fs.realpathSync(dataDir)
  return process.platform === 'linux' ? byWorkingFolder(folder) : byCommandLine(folder)
}

export function worksIn(dataDir: string, pid: number): boolean {
  return processesIn(dataDir).includes(pid)
}

// Every PostgreSQL process makes its data folder its working folder.
function byWorkingFolder(folder: string): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        if (fs.readlinkSync(`/proc/${pid}/cwd`) !== folder) return false
        return fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim().startsWith('postgres')
      } catch {
        return false
      }
    })
    .map(Number)
}

function byCommandLine(folder: string): number[] {
  const list = execFileSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' })
  return list
    .split('\n')
    .filter((line) => line.includes('postgres') && line.includes(`-D ${folder} `))
    .map((line) => Number.parseInt(line, 10))
}
