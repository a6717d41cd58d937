// What went wrong at start, in a paragraph that names the way out. Only a mistake of ours shows its trace.
import { Outage, Refusal } from '#kernel/failure.ts'
import type { Config } from '#platform/config.ts'

export function explainFailure(
  error: unknown,
  config?: Pick<Config, 'dataDir' | 'database' | 'host' | 'port'>,
): string {
  if (error instanceof Refusal || error instanceof Outage) return error.message
  if (!(error instanceof Error)) return String(error)
  const { code, path: at, syscall } = error as NodeJS.ErrnoException
  const home = config?.dataDir ?? 'the data folder'
  const folder = at && !at.startsWith(home) ? at : home
  const database = config?.database ? `${config.database.host}:${config.database.port}` : 'in the data folder'
  if (code === 'ENOENT' && syscall !== undefined && syscall !== 'connect')
    return `${folder} cannot be made or read (${syscall}): choose another DATA_DIR.`
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case '53100':
      return `The disk is full (${folder}): make room and start again. Nothing was lost.`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${folder} cannot be written by this user: choose another DATA_DIR, or give this user the folder.`
    case 'ENOTDIR':
    case 'EEXIST':
      return `${folder} is in the way: DATA_DIR must be a folder.`
    case 'EADDRINUSE':
      return `Port ${config?.port} on ${config?.host} is in use by another program: stop it, or choose another PORT.`
    case 'ECONNREFUSED':
    case 'ENOENT':
    case 'ENOTFOUND':
    case 'ETIMEDOUT':
    case 'ECONNRESET':
    case 'CONNECT_TIMEOUT':
    case 'CONNECTION_CLOSED':
    case '57P03':
      return `The database ${database} cannot be reached (${code}): is it running, and is DATABASE_URL right?`
    case '28P01':
    case '28000':
      return `The database ${database} refused the user or the password in DATABASE_URL.`
    case '3D000':
      return `The database ${database} has no database "${config?.database?.database}": create it, or correct DATABASE_URL.`
    default:
      return error.stack ?? error.message
  }
}
