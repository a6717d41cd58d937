// What a started instance says of itself: the banner for people, `running.json` for programs.
import fs from 'node:fs'
import path from 'node:path'
import type { EmulatorAddresses } from './emulators.ts'
import { writeAtomically } from './ports.ts'

export type Login = { readonly role: string; readonly email: string; readonly password: string }

type Service = string | Readonly<Record<string, string>>

export type Running = {
  readonly pid: number
  readonly storefront: string
  readonly backoffice: string
  readonly api: string
  readonly mailbox: string | undefined
  /** A service may have several addresses, each under its name. */
  readonly emulators: Readonly<Record<string, { readonly service: Service; readonly control: string }>>
  readonly logins: readonly Login[]
  readonly apiKey: string | undefined
}

export function describeRunning(dataDir: string, site: string, addresses: EmulatorAddresses): Running {
  const demo = readDemo(dataDir)
  return {
    pid: process.pid,
    storefront: `${site}/`,
    backoffice: `${site}/bss`,
    api: `${site}/api/v1`,
    mailbox: addresses.mailbox?.web,
    emulators: vendorsAmong(addresses),
    logins: demo.logins ?? [],
    apiKey: demo.apiKey,
  }
}

function vendorsAmong({ mailbox: _, ...vendors }: EmulatorAddresses): Running['emulators'] {
  return vendors as Running['emulators']
}

export function publishRunning(dataDir: string, running: Running): void {
  writeAtomically(path.join(dataDir, 'running.json'), running)
}

export function withdrawRunning(dataDir: string): void {
  fs.rmSync(path.join(dataDir, 'running.json'), { force: true })
}

export function banner(
  running: Running,
  facts: { readonly tookMs: number; readonly dataDir: string },
): string {
  const addresses: [string, string | undefined][] = [
    ['Storefront', running.storefront],
    ['Cloud BSS', running.backoffice],
    ['API', running.api],
    ['Mailbox', running.mailbox],
    ...Object.entries(running.emulators).map(([name, { service }]): [string, string] => [
      `${name} (emulator)`,
      typeof service === 'string' ? service : Object.values(service).join(', '),
    ]),
    ['Data folder', facts.dataDir],
  ]
  const shown = addresses.filter((line): line is [string, string] => line[1] !== undefined)
  const logins = running.logins.map(({ role, email, password }) => [role, email, password] as const)
  return [
    '',
    `Emporion is up (${(facts.tookMs / 1000).toFixed(1)} s)`,
    '',
    ...columns(shown),
    ...(logins.length > 0 ? ['', 'Demonstration logins', '', ...columns(logins)] : []),
    '',
    'Ctrl-C stops everything.',
    '',
  ].join('\n')
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)))
  return rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('   ')}`.trimEnd())
}

function readDemo(dataDir: string): { logins?: Login[]; apiKey?: string } {
  try {
    return JSON.parse(fs.readFileSync(path.join(dataDir, 'demo.json'), 'utf8')) as {
      logins?: Login[]
      apiKey?: string
    }
  } catch {
    return {}
  }
}
