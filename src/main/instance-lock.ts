// One start per data folder. The lock names its holder by process number, the moment that process began and the boot
// of the machine, so a number that was given to a stranger after a kill or a reboot holds nothing.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { Refusal } from '#kernel/failure.ts'

type Holder = { readonly pid: number; readonly began: string; readonly address: string }

export type InstanceLock = { release(): void }

/** Takes the folder, or refuses with the process and the address that have it. */
export function lockInstance(dataDir: string, address: string): InstanceLock {
  const file = path.join(dataDir, 'instance.lock')
  const mine: Holder = { pid: process.pid, began: beganAt(process.pid) ?? '', address }
  const draft = `${file}.${process.pid}`
  fs.writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 })
  try {
    for (let round = 0; round < 10; round += 1) {
      if (linked(draft, file)) return { release: () => release(file, mine) }
      const holder = readHolder(file)
      if (holder && isRunning(holder)) throw refusal(dataDir, holder)
      discardStale(file, dataDir)
    }
  } finally {
    fs.rmSync(draft, { force: true })
  }
  throw new Refusal(
    'start/locked',
    `The lock ${file} cannot be taken: remove the file if nothing runs there.`,
  )
}

// A link appears with its content, or not at all.
function linked(draft: string, file: string): boolean {
  try {
    fs.linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

// Moved aside and read again: between our look and our move another start may have taken the folder.
function discardStale(file: string, dataDir: string): void {
  const aside = `${file}.stale-${process.pid}`
  try {
    fs.renameSync(file, aside)
  } catch {
    return
  }
  const holder = readHolder(aside)
  const isTaken = holder !== undefined && isRunning(holder)
  if (isTaken) linked(aside, file)
  fs.rmSync(aside, { force: true })
  if (isTaken) throw refusal(dataDir, holder)
}

function release(file: string, mine: Holder): void {
  const holder = readHolder(file)
  if (holder?.pid === mine.pid && holder.began === mine.began) fs.rmSync(file, { force: true })
}

function refusal(dataDir: string, holder: Holder): Refusal {
  return new Refusal(
    'start/locked',
    `Emporion is already running on the data folder ${dataDir}: process ${holder.pid}, at ${holder.address}. Stop it first, or choose another DATA_DIR (and PORT).`,
  )
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

function isRunning(holder: Holder): boolean {
  const began = beganAt(holder.pid)
  return began !== undefined && began === holder.began
}

function beganAt(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux')
      return (
        execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
      )
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    // After the name in brackets, which may itself hold spaces: field 3 is the state, field 22 the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`
  } catch {
    return undefined
  }
}
