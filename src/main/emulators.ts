// The vendors' stand-ins and the local mailbox of the demonstration: which there are, and where they listen. Their ports are
// chosen and written down before anything is started, because the database will hold addresses of theirs.
import fs from 'node:fs'
import path from 'node:path'
import { Refusal } from '#kernel/failure.ts'
import { freePort, writeAtomically } from './ports.ts'

export type Emulator = {
  /** Its name in emulators.json and running.json; its data folder and its log are called so too. */
  readonly key: keyof EmulatorAddresses
  readonly name: string
  readonly script: string
  /** The variables that tell it its ports. */
  readonly ports: readonly string[]
  /** The variable that tells it its data folder. */
  readonly data: string
}

/** What each of them announces when it is up. */
export type EmulatorAddresses = {
  readonly 'microsoft-esd'?: { readonly service: string; readonly control: string }
  readonly 'partner-center'?: {
    readonly service: { readonly commerce: string; readonly pricing: string; readonly login: string }
    readonly control: string
  }
  readonly mailbox?: { readonly web: string; readonly smtp: { readonly host: string; readonly port: number } }
}

/** A new one is an entry here, and what it announces a line above. */
export const emulators: readonly Emulator[] = [
  {
    key: 'microsoft-esd',
    name: 'Microsoft ESD emulator',
    script: 'emulators/esd-gateway/main.ts',
    ports: ['ESD_PORT', 'ESD_CONTROL_PORT'],
    data: 'ESD_DATA',
  },
  {
    key: 'partner-center',
    name: 'Partner Center emulator',
    script: 'emulators/partner-center/main.ts',
    ports: ['PC_PORT', 'PC_CONTROL_PORT'],
    data: 'PC_DATA',
  },
  {
    key: 'mailbox',
    name: 'mailbox',
    script: 'emulators/mailbox/main.ts',
    ports: ['MAILBOX_PORT', 'MAILBOX_SMTP_PORT'],
    data: 'MAILBOX_DATA',
  },
]

type Ports = Readonly<Record<string, number>>
type Remembered = { readonly ports: Ports; readonly addresses: EmulatorAddresses }

const loopback = '127.0.0.1'

/**
 * A port for every variable of the table: the one the operator fixed, or last time's, or a free one. An emulator whose port
 * somebody else has taken moves; the seeded instances follow it (seed.ts).
 */
export async function settlePorts(
  dataDir: string,
  choice: { readonly fixed: Ports; readonly taken: number; readonly log: (line: string) => void },
): Promise<Remembered> {
  const before = recall(dataDir)
  const ports: Record<string, number> = {}
  for (const { name, ports: variables } of emulators)
    for (const variable of variables) {
      const used = [choice.taken, ...Object.values(ports)]
      const fixed = choice.fixed[variable]
      ports[variable] = fixed
        ? await freePort(loopback, fixed, name, variable)
        : ((await lastTime(before.ports[variable], name, used, choice.log)) ?? (await another(name, used)))
    }
  const isSame = Object.entries(ports).every(([variable, port]) => before.ports[variable] === port)
  const settled = { ports, addresses: isSame ? before.addresses : {} }
  writeAtomically(fileIn(dataDir), settled)
  return settled
}

/** What was announced: from the next start on it is known before they are up. */
export function rememberAddresses(dataDir: string, ports: Ports, addresses: EmulatorAddresses): void {
  writeAtomically(fileIn(dataDir), { ports, addresses })
}

export function isComplete(addresses: EmulatorAddresses): boolean {
  return emulators.every(({ key }) => addresses[key] !== undefined)
}

/** What one emulator is told. */
export function environmentOf(emulator: Emulator, dataDir: string, ports: Ports): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(emulator.ports.map((variable) => [variable, String(ports[variable])])),
    [emulator.data]: path.join(dataDir, emulator.key),
  }
}

async function lastTime(
  port: number | undefined,
  name: string,
  used: readonly number[],
  log: (line: string) => void,
): Promise<number | undefined> {
  if (!port || used.includes(port)) return undefined
  try {
    return await freePort(loopback, port, name, 'DATA_DIR')
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    log(`Port ${port}, where the ${name} was, is in use by another program: it moves to another one`)
    return undefined
  }
}

async function another(name: string, used: readonly number[]): Promise<number> {
  for (;;) {
    const port = await freePort(loopback, 0, name, 'DATA_DIR')
    if (!used.includes(port)) return port
  }
}

function recall(dataDir: string): Remembered {
  try {
    const { ports = {}, addresses = {} } = JSON.parse(fs.readFileSync(fileIn(dataDir), 'utf8'))
    return { ports, addresses }
  } catch {
    return { ports: {}, addresses: {} }
  }
}

function fileIn(dataDir: string): string {
  return path.join(dataDir, 'emulators.json')
}
