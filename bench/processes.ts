// What Linux tells of processes.
import fs from 'node:fs'

/** The process that runs `script`: the instance itself or a child of it. */
export function processOf(instance: number, script: string): number {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const found = pids.find((pid) => {
    try {
      const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      const parent = /^PPid:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      const isOurs = Number(pid) === instance || Number(parent) === instance
      return isOurs && words.some((word) => word.endsWith(script))
    } catch {
      return false
    }
  })
  if (!found) throw new Error(`No process runs ${script}.`)
  return Number(found)
}

const TICKS_PER_SECOND = 100

/** Processor time a process has used since it began, in milliseconds; undefined where nobody tells. */
export function cpuMs(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  // After the name in brackets, which may hold spaces: state, …, user time 12th, system time 13th.
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND
}

/** Megabytes, pages shared with other processes in parts. */
export function memoryMb(pid: number): number {
  const told = /^Pss:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  if (!told) throw new Error(`The kernel does not tell the memory of process ${pid}.`)
  return Number(told) / 1024
}
