// As whom the server runs. PostgreSQL refuses to run as root, so root is shown to it as "nobody" in a user namespace
// (its files stay root's); where namespaces are not allowed it runs as an unprivileged user who is given the folder.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'

const nobody = 65_534

/** How to start a program so that PostgreSQL accepts it: a command put in front, and a user to become. */
export type Runner = { readonly prefix: readonly string[]; readonly uid?: number; readonly gid?: number }

/** `folder` exists. A folder that belongs to somebody else keeps its owner, who then runs the server. */
export function chooseRunner(folder: string): Runner {
  const farewell = works(['setpriv', '--pdeathsig', 'INT']) ? ['setpriv', '--pdeathsig', 'INT'] : []
  const namespace = ['unshare', '--user', `--map-user=${nobody}`]
  if (process.getuid?.() !== 0) {
    // PostgreSQL wants a user with a name; a container may run us under a bare number.
    const isNameless = !hasName() && works(namespace)
    return { prefix: isNameless ? [...namespace, ...farewell] : farewell }
  }

  const owner = fs.statSync(folder)
  if (owner.uid !== 0) return { prefix: farewell, uid: owner.uid, gid: owner.gid }
  if (works(namespace)) return { prefix: [...namespace, ...farewell] }
  return { prefix: farewell, uid: nobody, gid: nobody }
}

/** The command line and spawn options of `program` under this runner. */
export function underRunner(runner: Runner, program: string, args: readonly string[]) {
  const [command = program, ...rest] = [...runner.prefix, program, ...args]
  const { uid, gid } = runner
  return { command, args: rest, options: { ...(uid === undefined ? {} : { uid, gid }) } }
}

/** Gives a file or folder to the user who will run the server. */
export function handOver(runner: Runner, at: string): void {
  if (runner.uid !== undefined) fs.chownSync(at, runner.uid, runner.gid ?? runner.uid)
}

function hasName(): boolean {
  try {
    return os.userInfo().username !== ''
  } catch {
    return false
  }
}

function works(prefix: readonly string[]): boolean {
  if (process.platform !== 'linux') return false
  const [command = '', ...args] = prefix
  return spawnSync(command, [...args, 'true'], { stdio: 'ignore' }).status === 0
}
