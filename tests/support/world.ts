// A whole small world for scenarios: the demonstration company in a database of its own, the ESD emulator and the mailbox as
// processes, and an application whose worker is run by hand ("to rest") and whose clock can be moved.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { App } from '#flows/app.ts'
import { allJobs } from '#flows/jobs.ts'
import { resumeSession } from '#flows/users/resume-session.ts'
import { signIn } from '#flows/users/sign-in.ts'
import type { Portal, Staff } from '#modules/users'
import { type Config, loadConfig } from '#platform/config.ts'
import type { Database } from '#platform/db.ts'
import { workToRest } from '#platform/jobs.ts'
import { compose } from '../../src/main/compose.ts'
import { seedDemonstration } from '../../src/main/seed.ts'
import { PASSWORD } from '../../src/main/seed-data.ts'
import { testDatabase } from './database.ts'

const root = path.resolve(import.meta.dirname, '../..')

export type ReceivedMail = {
  id: string
  messageId: string
  to: string[]
  cc: string[]
  envelope: string[]
  subject: string
  text: string
  html: string
}

export type World = {
  readonly app: App & { readonly db: Database }
  readonly config: Config
  readonly env: NodeJS.ProcessEnv
  /** Does every job that is due, and those they cause; what a worker beside it has taken is waited for. */
  run(): Promise<number>
  /** Moves the application's clock. */
  advance(duration: Temporal.DurationLike): void
  portal(email: string): Promise<Portal>
  staff(email?: string): Promise<Staff>
  mails(words?: string): Promise<ReceivedMail[]>
  /** Speaks to the emulator's control interface. */
  esd(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<any>
  mailboxFault(fault: object): Promise<void>
  close(): Promise<void>
}

export async function startWorld(): Promise<World> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'emporion-world-'))
  const [database, esd, mailbox] = await Promise.all([
    testDatabase(),
    startEmulator<{ service: string; control: string }>('esd-gateway', {
      ESD_PORT: '0',
      ESD_CONTROL_PORT: '0',
      ESD_DATA: folder,
    }),
    startEmulator<{ web: string; smtp: { host: string; port: number } }>('mailbox', {
      MAILBOX_PORT: '0',
      MAILBOX_SMTP_PORT: '0',
      MAILBOX_DATA: folder,
    }),
  ])
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    DEMO: '1',
    PUBLIC_URL: 'http://shop.example',
    EMPORION_KEY: randomBytes(32).toString('base64'),
    SMTP_URL: `smtp://${mailbox.addresses.smtp.host}:${mailbox.addresses.smtp.port}`,
    VENDOR_TIMEOUT_MS: '1500',
    VENDOR_BACKOFF_MS: '200,400,800,1600',
    LOG_LEVEL: 'error',
  }
  const config = loadConfig(env)
  await seedDemonstration({ config, emulators: { 'microsoft-esd': esd.addresses }, log: () => {} })
  const { app, close } = await compose(config, 'scenario', 6)
  let offset = Temporal.Duration.from({ seconds: 0 })
  const now = () => Temporal.Now.instant().add(offset)
  const moving = { ...app, now }
  const control = async (method: string, where: string, body?: object) => {
    const answer = await fetch(`${esd.addresses.control}${where}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return answer.json()
  }
  const actor = async (email: string) => {
    const { token } = await signIn(moving, { email, password: PASSWORD })
    const bearer = await resumeSession(moving, token)
    if (!bearer) throw new Error(`${email} could not sign in`)
    return bearer.actor
  }
  return {
    app: moving,
    config,
    env,
    async run() {
      let done = 0
      do done += await workToRest(moving, app.db, allJobs, now)
      while (await isWorkedBeside(app.db))
      return done
    },
    advance: (duration) => {
      offset = offset.add(duration)
    },
    portal: async (email) => (await actor(email)) as Portal,
    staff: async (email = 'manager@nordlicht.example') => (await actor(email)) as Staff,
    mails: async (words = '') =>
      (await (
        await fetch(`${mailbox.addresses.web}/api/mails?q=${encodeURIComponent(words)}`)
      ).json()) as ReceivedMail[],
    esd: control,
    mailboxFault: async (fault) =>
      void (await fetch(`${mailbox.addresses.web}/api/faults`, {
        method: 'POST',
        body: JSON.stringify(fault),
      })),
    async close() {
      await close()
      esd.process.kill('SIGKILL')
      mailbox.process.kill('SIGKILL')
      await database.drop()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Whether a worker has something in its hands; it has begun lately, or the worker is dead. Looks once more after a moment if so. */
async function isWorkedBeside(db: Database): Promise<boolean> {
  const taken = await db.pool`
    select from pgboss.job where state = 'active' and started_on > now() - interval '10 seconds' limit 1`
  if (taken.length === 0) return false
  await new Promise((resolve) => setTimeout(resolve, 100))
  return true
}

export async function startEmulator<Addresses>(
  name: string,
  env: Record<string, string>,
): Promise<{ process: ChildProcess; addresses: Addresses }> {
  const child = spawn(process.execPath, [path.join(root, 'emulators', name, 'main.ts')], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const addresses = await new Promise<Addresses>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Addresses))
    child.once('exit', (code) => reject(new Error(`the emulator ${name} ended with ${code}`)))
  })
  child.stdout?.resume()
  child.unref()
  child.channel?.unref()
  return { process: child, addresses }
}
